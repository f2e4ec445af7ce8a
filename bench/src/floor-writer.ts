/**
 * The floor: what this API server can take from a bare writer in this minute. It runs in its own
 * process, so that its CPU time can be read like the product's.
 */
import { type ChildProcess, fork } from 'node:child_process';
import type { FloorCommand, FloorMessage } from './floor-process.js';
import type { FloorJob, FloorServer } from './floor-requests.js';
import { cpuTimeMs } from './process-usage.js';

export interface FloorRun {
  readonly durationMs: number;
  readonly cpuMs: number;
}

/** The goals' own choice: the floor is the best of these numbers of connections. */
export const floorConnections = [4, 8, 16, 32] as const;

const jobTimeoutMs = 120_000;

export class FloorWriter {
  readonly #child: ChildProcess;

  constructor(private readonly server: FloorServer) {
    this.#child = fork(new URL('./floor-process.js', import.meta.url), { execArgv: [] });
  }

  /** Resolves when all is answered. `onStart` is called just before the first request. */
  async run(job: FloorJob, onStart: () => void = () => {}): Promise<FloorRun> {
    const pid = this.#child.pid ?? 0;
    await this.#ask({ kind: 'prepare', server: this.server, job });
    const cpuBefore = cpuTimeMs(pid);
    onStart();
    const done = await this.#ask({ kind: 'go' });
    const cpuMs = cpuTimeMs(pid) - cpuBefore;
    if (done.kind !== 'done') throw new Error(`the floor writer answered ${done.kind}`);
    if (done.refused.length > 0) {
      const codes = [...new Set(done.refused)].join(', ');
      throw new Error(`the floor writer was refused ${done.refused.length} times: ${codes}`);
    }
    return { durationMs: done.durationMs, cpuMs };
  }

  stop(): void {
    this.#child.disconnect();
  }

  #ask(command: FloorCommand): Promise<FloorMessage> {
    return new Promise((resolve, reject) => {
      const settle = () => {
        clearTimeout(timer);
        this.#child.off('message', listen).off('exit', ended);
      };
      const listen = (message: FloorMessage) => {
        settle();
        if (message.kind === 'failed') reject(new Error(`floor writer: ${message.reason}`));
        else resolve(message);
      };
      const ended = () => {
        settle();
        reject(new Error('the floor writer ended'));
      };
      const timer = setTimeout(() => {
        settle();
        reject(new Error(`the floor writer took longer than ${jobTimeoutMs} ms`));
      }, jobTimeoutMs);
      this.#child.on('message', listen).on('exit', ended);
      this.#child.send(command);
    });
  }
}
