/** A bounded load over loopback: so many connections, one request at a time on each. */
import { type Address, PipelinedConnection } from './pipelined-connection.js';

export interface LoadOptions {
  readonly address: Address;
  readonly connections: number;
  readonly durationMs: number;
  readonly request: () => Buffer;
  readonly expectedStatus: number;
}

export interface LoadResult {
  readonly perSecond: number;
  readonly answered: number;
  readonly latenciesMs: readonly number[];
}

/** Any other status is an error: a fast refusal is no throughput. */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const latenciesMs: number[] = [];
  const startedAt = performance.now();
  const endsAt = startedAt + options.durationMs;
  const drive = async () => {
    let broke: (error: Error) => void = () => {};
    const connection = await PipelinedConnection.open(options.address, (error) => broke(error));
    try {
      while (performance.now() < endsAt) {
        const sentAt = performance.now();
        const status = await new Promise<number>((resolve, reject) => {
          broke = reject;
          connection.send(options.request(), resolve);
        });
        if (status !== options.expectedStatus) throw new Error(`a request was answered ${status}`);
        latenciesMs.push(performance.now() - sentAt);
      }
    } finally {
      connection.close();
    }
  };
  await Promise.all(Array.from({ length: options.connections }, drive));
  const seconds = (performance.now() - startedAt) / 1000;
  return { perSecond: latenciesMs.length / seconds, answered: latenciesMs.length, latenciesMs };
}
