/**
 * Runs a program of the node's own. Its output is not read: what a service prints about its
 * configuration can hold what is in it.
 */
import { spawn } from 'node:child_process';

export interface CommandOutcome {
  readonly ok: boolean;
  /** `exit code 1`, `not found`, `no end within 300 s` */
  readonly how: string;
}

export function runCommand(
  command: readonly string[],
  options: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<CommandOutcome> {
  const [program = '', ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: 'ignore',
      timeout: options.timeoutMs,
      killSignal: 'SIGKILL',
      signal: options.signal,
      // The account's token and the addresses of the cluster are nothing for it.
      env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
    });
    child.once('error', (error: NodeJS.ErrnoException) => {
      resolve({ ok: false, how: error.code === 'ENOENT' ? 'not found' : (error.code ?? 'failed') });
    });
    child.once('exit', (code, killedBy) => {
      const seconds = Math.round(options.timeoutMs / 1000);
      const how = killedBy === null ? `exit code ${code}` : `no end within ${seconds} s`;
      resolve({ ok: code === 0, how });
    });
  });
}
