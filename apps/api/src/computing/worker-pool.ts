/**
 * A few threads and a short queue before them. Threads are started when they are needed and ended
 * when nobody has needed them for a while.
 */
import type { Question } from './compute-worker.js';
import { type ThreadLimits, type WorkerEntry, WorkerThread } from './worker-thread.js';

export interface PoolLimits extends ThreadLimits {
  readonly threads: number;
  /** Questions that wait; a further one is refused at once. */
  readonly waiting: number;
  readonly waitMs: number;
  readonly idleMs: number;
}

/** There is too much to do at the moment. */
export class PoolBusy extends Error {
  override readonly name = 'PoolBusy';
}

interface Waiting {
  readonly begin: () => void;
  readonly refuse: () => void;
}

export class WorkerPool {
  readonly #idle: WorkerThread[] = [];
  readonly #queue: Waiting[] = [];
  readonly #all = new Set<WorkerThread>();
  #busy = 0;
  #idleTimer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(
    private readonly entry: WorkerEntry,
    private readonly limits: PoolLimits,
  ) {}

  async run(question: Question): Promise<unknown> {
    await this.#turn();
    if (this.#isClosed) throw new PoolBusy();
    const thread = this.#take();
    try {
      return await thread.ask(question);
    } finally {
      this.#release(thread);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#idleTimer);
    for (const { refuse } of this.#queue.splice(0)) refuse();
    await Promise.all([...this.#all].map((thread) => thread.stop()));
  }

  /** Resolves when a thread may be used; at once if one is free. */
  async #turn(): Promise<void> {
    if (this.#isClosed) throw new PoolBusy();
    if (this.#busy < this.limits.threads && this.#queue.length === 0) {
      this.#busy += 1;
      return;
    }
    if (this.#queue.length >= this.limits.waiting) throw new PoolBusy();
    await new Promise<void>((resolve, reject) => {
      const waiting: Waiting = {
        begin: () => {
          clearTimeout(timer);
          this.#busy += 1;
          resolve();
        },
        refuse: () => {
          clearTimeout(timer);
          reject(new PoolBusy());
        },
      };
      const timer = setTimeout(() => {
        this.#queue.splice(this.#queue.indexOf(waiting), 1);
        waiting.refuse();
      }, this.limits.waitMs);
      this.#queue.push(waiting);
    });
  }

  #take(): WorkerThread {
    clearTimeout(this.#idleTimer);
    const idle = this.#idle.pop();
    if (idle?.isUsable === true) return idle;
    if (idle !== undefined) this.#all.delete(idle);
    const thread = new WorkerThread(this.entry, this.limits);
    this.#all.add(thread);
    return thread;
  }

  #release(thread: WorkerThread): void {
    this.#busy -= 1;
    if (thread.isUsable) this.#idle.push(thread);
    else this.#all.delete(thread);
    const next = this.#queue.shift();
    if (next !== undefined) next.begin();
    else if (this.#busy === 0) this.#endLater();
  }

  #endLater(): void {
    this.#idleTimer = setTimeout(() => {
      for (const thread of this.#idle.splice(0)) {
        this.#all.delete(thread);
        void thread.stop();
      }
    }, this.limits.idleMs);
    this.#idleTimer.unref();
  }
}
