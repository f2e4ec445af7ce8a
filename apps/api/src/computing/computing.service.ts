/**
 * Answers expensive questions without holding up everybody else: a small one here and now, a large one
 * in a thread with limits. The contract bounds what a question can hold; this bounds what it can cost.
 */
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Problem } from '../http/problem.js';
import { type Computation, computations, type InputOf, type OutputOf } from './computations.js';
import { ComputingPlace } from './computing-place.js';
import { PoolBusy, WorkerPool } from './worker-pool.js';
import { BeyondLimits } from './worker-thread.js';

@Injectable()
export class ComputingService implements OnApplicationShutdown {
  readonly #pool: WorkerPool;

  constructor(place: ComputingPlace) {
    this.#pool = new WorkerPool(place.entry, place.limits);
  }

  /** `text` is all that there is to read. */
  async run<C extends Computation>(name: C, input: InputOf<C>, text: string): Promise<OutputOf<C>> {
    if (text.length <= SMALL && !COUNTED_REPEAT.test(text)) {
      const compute = computations[name] as (input: InputOf<C>) => OutputOf<C>; // one entry of the table
      return compute(input);
    }
    try {
      return (await this.#pool.run({ name, input })) as OutputOf<C>; // the same entry, in a thread
    } catch (error) {
      if (error instanceof PoolBusy) throw new Problem('server.busy');
      if (error instanceof BeyondLimits) throw new Problem('request.too-complex');
      throw error;
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#pool.close();
  }
}

/** Answered in about ten milliseconds, sooner than a thread that has yet to start; made to be slow, in eighty. Files on nodes are this small. */
const SMALL = 4 * 1024;

/** In a pattern, `{1000}` makes much work of few characters; people hardly write any. */
const COUNTED_REPEAT = /\{\d/;
