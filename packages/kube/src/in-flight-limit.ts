/**
 * How many requests one cluster is given at a time. No fixed rate: the server's own Priority and
 * Fairness is the limiter, and this follows what it says: one more per round of answers while all
 * slots are in use, half when it refuses (429) or when answers take twice as long as they used to.
 *
 * Shape: AIMD (RFC 5681 section 3.1) with a slow mean of the latency as the reference, so that a
 * cluster that is far away is not taken for one that is overloaded. The reference is learned from
 * calls that met a nearly empty line; a long burst must not become the measure of itself.
 *
 * Urgent calls go first, and they are to meet a short line at the server too: while one waits or
 * runs, and a moment longer, normal calls get no new slot beyond an eighth of the limit. So normal
 * calls always go on, and however many urgent ones there are, one slot in eight is a normal one's.
 */
export type SlotOutcome = 'answered' | 'refused' | 'unmeasured';

export interface InFlightLimitOptions {
  readonly max: number;
  readonly now: () => number;
}

export type SlotPriority = 'normal' | 'urgent';

/** A slot that is held; give it back once. */
export interface Slot {
  release(outcome: SlotOutcome): void;
}

interface Waiter {
  readonly grant: (slot: Slot) => void;
}

/** Urgent calls may exceed the limit by so much: a new namespace is one Secret and one patch. */
const urgentReserve = 2;
/**
 * What normal calls keep of the limit beside urgent ones: of 32 four. Chosen, not measured: short
 * enough to wait behind, enough to go on.
 */
const besideUrgent = 1 / 8;
/** So many urgent calls in a row at most while a normal one waits: the same share of the slots. */
const maxUrgentInRow = 7;
/**
 * How long the line stays short after an urgent call: the next one of the same new namespace (its
 * service account appears just after it), or of the next namespace of a series, comes within it.
 */
const lingerMs = 100;
/** The reference latency moves by this share per quiet answer: about the last 500 of them. */
const quietShare = 1 / 500;
/** And by this share per answer of a burst, so that a lasting change is learned in the end. */
const burstShare = 1 / 10_000;
/**
 * A doubling below this is scheduling noise, not overload: a tenth of what Kubernetes promises
 * for a single write (SIG Scalability, "API call latency" SLO: p99 <= 1 s).
 */
const latencyFloorMs = 100;

export class InFlightLimit {
  #max: number;
  readonly #now: () => number;
  readonly #normal: Waiter[] = [];
  readonly #urgent: Waiter[] = [];
  #limit: number;
  readonly #held = { normal: 0, urgent: 0 };
  #urgentInRow = 0;
  #lastUrgentAt = Number.NEGATIVE_INFINITY;
  #epoch = 0;
  #slowMeanMs: number | null = null;
  #quietAnswers = 0;
  #windowSumMs = 0;
  #windowCount = 0;
  #windowWasFull = false;

  constructor(options: InFlightLimitOptions) {
    this.#max = options.max;
    this.#now = options.now;
    this.#limit = Math.max(1, Math.ceil(options.max / 2));
  }

  get inFlight(): number {
    return this.#held.normal + this.#held.urgent;
  }

  get waiting(): number {
    return this.#normal.length + this.#urgent.length;
  }

  get limit(): number {
    return this.#limit;
  }

  /** Never more than this from now on (a server that speaks only HTTP/1.1). */
  lowerMax(max: number): void {
    this.#max = Math.min(this.#max, max);
    this.#limit = Math.min(this.#limit, this.#max);
  }

  /** Takes a slot if one is free now and nobody of the same priority waits for it, else null. */
  tryAcquire(priority: SlotPriority): Slot | null {
    const line = priority === 'urgent' ? this.#urgent : this.#normal;
    return line.length === 0 && this.#hasRoom(priority) ? this.#take(priority) : null;
  }

  /** Waits in line. The returned function leaves the line. */
  enqueue(priority: SlotPriority, grant: (slot: Slot) => void): () => void {
    const line = priority === 'urgent' ? this.#urgent : this.#normal;
    const waiter: Waiter = { grant };
    line.push(waiter);
    return () => {
      const at = line.indexOf(waiter);
      if (at >= 0) line.splice(at, 1);
    };
  }

  #hasRoom(priority: SlotPriority): boolean {
    if (priority === 'urgent') return this.inFlight < this.#limit + urgentReserve;
    if (this.#isNormalOwed) return this.inFlight < this.#limit + urgentReserve;
    if (this.inFlight >= this.#limit) return false;
    return !this.#isUrgentAbout || this.#held.normal < this.#smallShare;
  }

  /** An eighth of the limit: what counts as a nearly empty line. */
  get #smallShare(): number {
    return Math.max(1, Math.floor(this.#limit * besideUrgent));
  }

  get #isUrgentAbout(): boolean {
    if (this.#held.urgent + this.#urgent.length > 0) return true;
    return this.#now() - this.#lastUrgentAt < lingerMs;
  }

  get #isNormalOwed(): boolean {
    return this.#normal.length > 0 && this.#urgentInRow >= maxUrgentInRow;
  }

  #take(priority: SlotPriority): Slot {
    this.#held[priority] += 1;
    if (priority === 'normal') this.#urgentInRow = 0;
    else if (this.#normal.length > 0) this.#urgentInRow += 1;
    const startedAt = this.#now();
    const epoch = this.#epoch;
    const beganQuiet = this.inFlight <= this.#smallShare;
    let held = true;
    return {
      release: (outcome) => {
        if (!held) return;
        held = false;
        if (this.inFlight >= this.#limit) this.#windowWasFull = true;
        // The first calls of a burst began in a short line, but did not stay in one.
        const isQuiet = beganQuiet && this.inFlight <= this.#smallShare;
        this.#held[priority] -= 1;
        const now = this.#now();
        if (priority === 'urgent') this.#lastUrgentAt = now;
        if (outcome === 'refused') this.#halve(epoch);
        if (outcome === 'answered') this.#measure(now - startedAt, epoch, isQuiet);
        this.#grantNext();
      },
    };
  }

  #measure(latencyMs: number, epoch: number, isQuiet: boolean): void {
    this.#windowSumMs += latencyMs;
    this.#windowCount += 1;
    const slow = this.#slowMeanMs ?? latencyMs;
    this.#slowMeanMs = slow + (latencyMs - slow) * this.#shareOf(isQuiet);
    if (this.#windowCount < this.#limit) return;
    const mean = this.#windowSumMs / this.#windowCount;
    const grew = mean > 2 * slow && mean > latencyFloorMs;
    if (grew) this.#halve(epoch);
    else if (this.#windowWasFull) this.#limit = Math.min(this.#max, this.#limit + 1);
    this.#startWindow();
  }

  /** How much one answer counts for the reference. The first quiet ones count in full. */
  #shareOf(isQuiet: boolean): number {
    if (!isQuiet) return burstShare;
    this.#quietAnswers += 1;
    return Math.max(quietShare, 1 / this.#quietAnswers);
  }

  #halve(epoch: number): void {
    // Refusals of requests that were under way at the last halving are news of the same overload.
    if (epoch !== this.#epoch) return;
    this.#epoch += 1;
    this.#limit = Math.max(1, Math.floor(this.#limit / 2));
    this.#startWindow();
  }

  #startWindow(): void {
    this.#windowSumMs = 0;
    this.#windowCount = 0;
    this.#windowWasFull = false;
  }

  #grantNext(): void {
    for (;;) {
      const isNormalsTurn = this.#urgent.length === 0 || this.#isNormalOwed;
      const priority = isNormalsTurn ? 'normal' : 'urgent';
      const line = isNormalsTurn ? this.#normal : this.#urgent;
      if (line.length === 0 || !this.#hasRoom(priority)) return;
      const waiter = line.shift();
      waiter?.grant(this.#take(priority));
    }
  }
}
