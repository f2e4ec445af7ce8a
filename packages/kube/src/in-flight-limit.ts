/**
 * How many requests one cluster is given at a time. No fixed rate: the server's own Priority and
 * Fairness is the limiter, and this follows what it says: one more per round of answers while all
 * slots are in use, half when it refuses (429) or when answers take twice as long as they used to.
 *
 * Shape: AIMD (RFC 5681 section 3.1) with a slow mean of the latency as the reference, so that a
 * cluster that is far away is not taken for one that is overloaded.
 */
export type SlotOutcome = 'answered' | 'refused' | 'unmeasured';

export interface InFlightLimitOptions {
  readonly max: number;
  readonly now: () => number;
}

/** A slot that is held; give it back once. */
export interface Slot {
  release(outcome: SlotOutcome): void;
}

interface Waiter {
  readonly grant: (slot: Slot) => void;
}

/** Urgent calls may exceed the limit by so much: a new namespace is one Secret and one patch. */
const urgentReserve = 2;
/** The reference latency moves by this share per answer: about the last 500 answers. */
const slowShare = 1 / 500;
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
  #inFlight = 0;
  #epoch = 0;
  #slowMeanMs: number | null = null;
  #windowSumMs = 0;
  #windowCount = 0;
  #windowWasFull = false;

  constructor(options: InFlightLimitOptions) {
    this.#max = options.max;
    this.#now = options.now;
    this.#limit = Math.max(1, Math.ceil(options.max / 2));
  }

  get inFlight(): number {
    return this.#inFlight;
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

  /** Takes a slot if one is free now, else null. */
  tryAcquire(priority: 'normal' | 'urgent'): Slot | null {
    const room = priority === 'urgent' ? this.#limit + urgentReserve : this.#limit;
    if (this.#inFlight >= room) return null;
    return this.#take();
  }

  /** Waits in line. The returned function leaves the line. */
  enqueue(priority: 'normal' | 'urgent', grant: (slot: Slot) => void): () => void {
    const line = priority === 'urgent' ? this.#urgent : this.#normal;
    const waiter: Waiter = { grant };
    line.push(waiter);
    return () => {
      const at = line.indexOf(waiter);
      if (at >= 0) line.splice(at, 1);
    };
  }

  #take(): Slot {
    this.#inFlight += 1;
    const startedAt = this.#now();
    const epoch = this.#epoch;
    let held = true;
    return {
      release: (outcome) => {
        if (!held) return;
        held = false;
        if (this.#inFlight >= this.#limit) this.#windowWasFull = true;
        this.#inFlight -= 1;
        if (outcome === 'refused') this.#halve(epoch);
        if (outcome === 'answered') this.#measure(this.#now() - startedAt, epoch);
        this.#grantNext();
      },
    };
  }

  #measure(latencyMs: number, epoch: number): void {
    this.#windowSumMs += latencyMs;
    this.#windowCount += 1;
    const slow = this.#slowMeanMs ?? latencyMs;
    this.#slowMeanMs = slow + (latencyMs - slow) * slowShare;
    if (this.#windowCount < this.#limit) return;
    const mean = this.#windowSumMs / this.#windowCount;
    const grew = mean > 2 * slow && mean > latencyFloorMs;
    if (grew) this.#halve(epoch);
    else if (this.#windowWasFull) this.#limit = Math.min(this.#max, this.#limit + 1);
    this.#startWindow();
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
      const urgent = this.#urgent.length > 0;
      const slot = urgent
        ? this.tryAcquire('urgent')
        : this.#normal.length > 0
          ? this.tryAcquire('normal')
          : null;
      if (slot === null) return;
      const waiter = urgent ? this.#urgent.shift() : this.#normal.shift();
      waiter?.grant(slot);
    }
  }
}
