import type { WorkerEntry } from './worker-thread.js';

/** Where the program of the threads is. Tests run it from source and have one of their own. */
export class ComputingPlace {
  constructor(readonly entry: WorkerEntry) {}
}

export const BUILT_PLACE = new ComputingPlace({
  url: new URL('./compute-worker.js', import.meta.url),
  execArgv: [],
});
