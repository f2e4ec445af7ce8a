/** `agent.mjs`: runs the agent until it is told to end. */
import { readSettings } from './env.js';
import { createLog } from './log.js';
import { startAgent } from './start-agent.js';

const log = createLog((line) => process.stdout.write(line));

async function main(): Promise<number> {
  const read = readSettings();
  if ('problems' in read) {
    for (const problem of read.problems) log.warn('wrong setting', { problem });
    return 2;
  }
  const ending = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => ending.abort());
  }
  await startAgent(read.settings, log, ending.signal);
  return 0;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    // A defect, or a start without an account: the name and the message hold no file's content.
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown';
    log.warn('ended by an error', { reason: reason.slice(0, 500) });
    process.exitCode = 1;
  },
);
