/**
 * One thread that answers one question at a time. A question that takes too long, or more memory than
 * it may, ends the thread: there is no other way to stop a computation.
 */
import { Worker } from 'node:worker_threads';
import type { Answer, Question } from './compute-worker.js';

/** Where the program of a thread is, and what Node needs to run it. */
export interface WorkerEntry {
  readonly url: URL;
  readonly execArgv: readonly string[];
}

export interface ThreadLimits {
  /** For one answer. */
  readonly timeMs: number;
  readonly heapMb: number;
}

/** The question was beyond the limits. */
export class BeyondLimits extends Error {
  override readonly name = 'BeyondLimits';
}

/** A defect in a computation; holds no text of the question. */
export class ComputationFailed extends Error {
  override readonly name = 'ComputationFailed';
}

/** Loading the program takes a fraction of a second; a machine that needs this long is not well. */
const START_TIMEOUT_MS = 20_000;

export class WorkerThread {
  readonly #worker: Worker;
  readonly #ready: Promise<void>;
  #settle: ((outcome: Answer | Error) => void) | null = null;
  #isEnded = false;

  constructor(
    { url, execArgv }: WorkerEntry,
    readonly limits: ThreadLimits,
  ) {
    this.#worker = new Worker(url, {
      execArgv: [...execArgv],
      // The thread needs nothing of the server's environment, which holds the master key.
      env: {},
      resourceLimits: {
        maxOldGenerationSizeMb: limits.heapMb,
        maxYoungGenerationSizeMb: Math.ceil(limits.heapMb / 8),
      },
    });
    this.#worker.unref();
    this.#ready = new Promise((resolve, reject) => {
      this.#worker.once('message', () => resolve());
      this.#worker.once('error', reject);
      this.#worker.once('exit', () => reject(new ComputationFailed('a thread did not start')));
    });
    this.#ready.catch(() => undefined); // told to who asks
    this.#worker.on('message', (message: Answer | 'ready') => {
      if (message !== 'ready') this.#settle?.(message);
    });
    this.#worker.on('error', (error) => this.#end(asFailure(error)));
    this.#worker.on('exit', () => this.#end(new ComputationFailed('a thread has ended')));
  }

  /** False once it has ended; then another one is needed. */
  get isUsable(): boolean {
    return !this.#isEnded;
  }

  async ask(question: Question): Promise<unknown> {
    await this.#within(START_TIMEOUT_MS, this.#ready);
    if (this.#isEnded) throw new ComputationFailed('a thread has ended');
    const answered = new Promise<Answer>((resolve, reject) => {
      this.#settle = (outcome) => {
        if (outcome instanceof Error) reject(outcome);
        else resolve(outcome);
      };
    });
    this.#worker.postMessage(question);
    try {
      const answer = await this.#within(this.limits.timeMs, answered);
      if (answer.ok) return answer.value;
      throw new ComputationFailed(`${question.name}: ${answer.kind}\n${answer.stack}`);
    } finally {
      this.#settle = null;
    }
  }

  async stop(): Promise<void> {
    this.#isEnded = true;
    await this.#worker.terminate();
  }

  async #within<T>(timeMs: number, work: Promise<T>): Promise<T> {
    const limit = setTimeout(() => {
      this.#end(new BeyondLimits());
      void this.#worker.terminate();
    }, timeMs);
    try {
      return await work;
    } finally {
      clearTimeout(limit);
    }
  }

  #end(reason: Error): void {
    this.#isEnded = true;
    this.#settle?.(reason);
  }
}

function asFailure(error: Error): Error {
  const isMemory = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
  // Anything else that ends a thread is a defect of ours; its words could be the document's.
  return isMemory ? new BeyondLimits() : new ComputationFailed(error.name);
}
