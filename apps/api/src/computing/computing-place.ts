import { availableParallelism } from 'node:os';
import type { PoolLimits } from './worker-pool.js';
import type { WorkerEntry } from './worker-thread.js';

const LIMITS: PoolLimits = {
  // The largest file that is read takes about a second here; ten are for a slow and busy machine.
  timeMs: 10_000,
  // A file of 512 KiB with its tree, findings and rendered forms takes well below 100 MiB.
  heapMb: 256,
  threads: Math.min(2, availableParallelism()),
  // What these threads can answer before those who wait have given up.
  waiting: 16,
  waitMs: 15_000,
  idleMs: 60_000,
};

/** Where the program of the threads is, and what they may cost. Tests run it from source. */
export class ComputingPlace {
  constructor(
    readonly entry: WorkerEntry,
    readonly limits: PoolLimits = LIMITS,
  ) {}
}

export const BUILT_PLACE = new ComputingPlace({
  url: new URL('./compute-worker.js', import.meta.url),
  execArgv: [],
});
