/** The README's automation section as what it is: one Bash script, run block by block as it stands. */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const readme = new URL('../../../README.md', import.meta.url);

/** The text of every Bash block of the section, in order. */
export function readAutomationBlocks(): readonly string[] {
  const [, rest = ''] = readFileSync(readme, 'utf8').split('\n## Automation\n');
  const [section = ''] = rest.split('\n## ');
  return [...section.matchAll(/^```bash\n(.*?)^```$/gms)].map(([, text = '']) => text);
}

export interface BashOptions {
  /** For the block files. */
  readonly directory: string;
  readonly blocks: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

export interface BashSession {
  /** Runs the next block; answers what it printed. Throws with its errors when Bash gave up. */
  next(): Promise<string>;
  /** Ends Bash behind the blocks that ran, as the end of a script does. */
  end(): Promise<void>;
}

const blockTimeoutMs = 90_000;

const done = '<the block is done>';

/** Waits for a line on descriptor 3 before each block, and says on standard output when it is done. */
const driver = `
for block in "$@"; do
  read -r _ <&3 || exit 0
  source "$block"
  printf '${done}'
done`;

export function startBash({ directory, blocks, environment }: BashOptions): BashSession {
  const files = blocks.map((text, index) => {
    const file = join(directory, `block-${index}.sh`);
    writeFileSync(file, text);
    return file;
  });
  const child = spawn('bash', ['-c', driver, 'bash', ...files], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    // PATH and nothing else of ours: the document says what the script needs. NODE_ENV is there
    // because Next's types ask for it everywhere.
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...environment },
  });
  let output = '';
  let errors = '';
  let ended = false;
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const closed = new Promise<void>((resolve) => {
    child.once('close', () => {
      ended = true;
      resolve();
    });
  });
  const starter = child.stdio[3];
  if (starter === null || starter === undefined || !('write' in starter))
    throw new Error('Bash has no descriptor 3');
  // Bash that has given up no longer listens; `next` tells why.
  starter.on('error', () => undefined);
  return {
    async next() {
      output = '';
      starter.write('\n');
      const deadline = performance.now() + blockTimeoutMs;
      while (!output.endsWith(done)) {
        if (ended) throw new Error(`Bash gave up: ${errors}`);
        if (performance.now() > deadline) {
          child.kill('SIGKILL');
          throw new Error(`The block hangs: ${output}\n${errors}`);
        }
        await delay(20);
      }
      return output.slice(0, -done.length);
    },
    async end() {
      starter.end();
      await closed;
    },
  };
}
