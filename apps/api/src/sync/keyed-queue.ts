/**
 * Work by key: a key waits once however often it is added, and runs once at a time; added while it
 * runs, it runs again. Urgent keys have lanes of their own, so that a new namespace does not wait
 * behind a rotation. What to do, and whether to try again later, is the worker's answer.
 */
export type Priority = 'urgent' | 'normal';

export interface KeyedQueueOptions {
  /** Resolves with milliseconds after which the key is to run again, or null. */
  readonly work: (key: string, priority: Priority) => Promise<number | null>;
  /** Nothing waits and nothing runs; keys that wait for a later try do not count. */
  readonly onIdle: () => void;
  readonly lanes?: number;
}

/** More than the calls that a cluster is given at once (32), so that those slots never wait for us. */
const DEFAULT_LANES = 40;

interface Later {
  readonly key: string;
  readonly priority: Priority;
  readonly timer: NodeJS.Timeout;
}

export class KeyedQueue {
  readonly #options: KeyedQueueOptions;
  readonly #lanes: number;
  readonly #waiting = { urgent: new Set<string>(), normal: new Set<string>() };
  readonly #running = new Map<string, Priority | null>();
  readonly #later = new Map<string, Later>();
  readonly #inLane = { urgent: 0, normal: 0 };
  #pausedUntil: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(options: KeyedQueueOptions) {
    this.#options = options;
    this.#lanes = options.lanes ?? DEFAULT_LANES;
  }

  add(key: string, priority: Priority): void {
    if (this.#closed) return;
    this.#cancelLater(key);
    const again = this.#running.get(key);
    if (again !== undefined) {
      if (again !== 'urgent') this.#running.set(key, priority);
      return;
    }
    if (priority === 'urgent') this.#waiting.normal.delete(key);
    if (!this.#waiting.urgent.has(key)) this.#waiting[priority].add(key);
    this.#pump();
  }

  /** Starts nothing for a while: the cluster does not answer. False when it is paused already. */
  pause(ms: number): boolean {
    if (this.#closed || this.#pausedUntil !== null) return false;
    this.#pausedUntil = setTimeout(() => this.resume(), ms);
    this.#pausedUntil.unref();
    return true;
  }

  resume(): void {
    if (this.#pausedUntil !== null) clearTimeout(this.#pausedUntil);
    this.#pausedUntil = null;
    this.#pump();
  }

  /** Whatever waits for a later try runs now: the reason to wait is gone. */
  hurry(): void {
    for (const { key, priority } of [...this.#later.values()]) this.add(key, priority);
    this.resume();
  }

  get isIdle(): boolean {
    const { urgent, normal } = this.#waiting;
    return urgent.size + normal.size + this.#running.size === 0;
  }

  /** Keys that wait for a later try. */
  get delayed(): number {
    return this.#later.size;
  }

  close(): void {
    this.#closed = true;
    for (const { timer } of this.#later.values()) clearTimeout(timer);
    this.#later.clear();
    this.#waiting.urgent.clear();
    this.#waiting.normal.clear();
    if (this.#pausedUntil !== null) clearTimeout(this.#pausedUntil);
  }

  #pump(): void {
    if (this.#closed || this.#pausedUntil !== null) return;
    for (const priority of ['urgent', 'normal'] as const) {
      for (const key of this.#waiting[priority]) {
        if (this.#inLane[priority] >= this.#lanes) break;
        this.#waiting[priority].delete(key);
        void this.#run(key, priority);
      }
    }
  }

  async #run(key: string, priority: Priority): Promise<void> {
    this.#running.set(key, null);
    this.#inLane[priority] += 1;
    // The worker reports its own failures; one that throws is a defect and must not stop the queue.
    const retryMs = await this.#options.work(key, priority).catch(() => 1_000);
    this.#inLane[priority] -= 1;
    const again = this.#running.get(key) ?? null;
    this.#running.delete(key);
    if (again !== null) this.add(key, again);
    else if (retryMs !== null) this.#addLater(key, retryMs, priority);
    this.#pump();
    if (this.isIdle && !this.#closed) this.#options.onIdle();
  }

  #addLater(key: string, ms: number, priority: Priority): void {
    if (this.#closed) return;
    const timer = setTimeout(() => {
      this.#later.delete(key);
      this.add(key, priority);
    }, ms);
    timer.unref();
    this.#later.set(key, { key, priority, timer });
  }

  #cancelLater(key: string): void {
    const later = this.#later.get(key);
    if (later === undefined) return;
    clearTimeout(later.timer);
    this.#later.delete(key);
  }
}
