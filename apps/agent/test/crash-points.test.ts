import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bundleProgram } from '../src/image/bundle.js';
import { crashAt } from './crashing-file-system.js';
import {
  buildConfig,
  buildNodeStage,
  certsPath,
  filesOf,
  type NodeStage,
  plainly,
  registriesPath,
} from './node-stage.js';

const before = buildConfig({ hash: 'h1', ca: 'AAAA', extra: 'quay.io' });
const after = buildConfig({ hash: 'h2', ca: 'BBBB', password: 'planted-2', extra: 'ghcr.io' });
const edited = `${certsPath}/quay.io/hosts.toml`;
const foreign = `${certsPath}/registry.example.com/hosts.toml`;

async function start(stage: NodeStage, step = Number.POSITIVE_INFINITY) {
  const fs = crashAt(step);
  const process = stage.start({ fs });
  const look = async (config: typeof before, options: object = { keepGood: true }) => {
    await process.state.load();
    await process.files.prepare();
    return await process.files.apply(config, { ...plainly, ...options });
  };
  return { fs, look, process };
}

/** Old or new for every file; anything else is half. */
function findHalf(stage: NodeStage, old: Record<string, string>, next: Record<string, string>) {
  const paths = new Set([...Object.keys(old), ...Object.keys(next)]);
  return [...paths].filter((path) => {
    const content = stage.read(path);
    return content !== (old[path] ?? null) && content !== (next[path] ?? null);
  });
}

describe('an agent that dies at any step', () => {
  it('leaves each file old or new, and its next run finishes the work', async () => {
    const next = { ...(await filesOf(after)), [foreign]: 'theirs' };
    let step = 0;
    for (let survived = false; !survived; ) {
      step += 1;
      const stage = buildNodeStage();
      try {
        stage.put(foreign, 'theirs');
        await (await start(stage)).look(before, {});
        stage.put(edited, '# by hand\n');
        const old = stage.contents();
        const dying = await start(stage, step);
        survived = await dying.look(after).then(
          () => true,
          () => false,
        );
        expect(survived).toBe(!dying.fs.crashed());
        expect(findHalf(stage, old, next)).toEqual([]);
        const healthy = await start(stage);
        const outcome = await healthy.look(after);
        expect(outcome).toEqual({ refusal: null, drift: [] });
        expect(stage.contents()).toEqual(next);
        expect(stage.paths().filter((path) => path.endsWith('.tmp'))).toEqual([]);
        const { replaced, appliedHash } = healthy.process.state.current;
        expect(appliedHash).toBe('h2');
        // The hand edit is kept, whenever it died; nothing of the agent's own is taken for one.
        expect(replaced.map(({ path }) => path)).toEqual([edited]);
        expect(stage.read(replaced[0]?.backup ?? '')).toBe('# by hand\n');
      } finally {
        stage.remove();
      }
    }
    // Every open, write, flush and rename of seven files, their copies and the memory.
    expect(step).toBeGreaterThan(60);
  });

  it('can go back to the version before, too', async () => {
    const old = await filesOf(before);
    for (let step = 5; step < 60; step += 5) {
      const stage = buildNodeStage();
      try {
        await (await start(stage)).look(before);
        await (await start(stage, step)).look(after).catch(() => undefined);
        const outcome = await (await start(stage)).look(before);
        expect(outcome.drift).toEqual([]);
        expect(stage.contents()).toEqual(old);
      } finally {
        stage.remove();
      }
    }
  });
});

describe('an agent that is killed', () => {
  it('leaves old or new after kill -9 at a hundred moments', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'agent-killed-'));
    const stage = buildNodeStage();
    try {
      const file = join(directory, 'writer.mjs');
      const input = fileURLToPath(new URL('write-for-ever.ts', import.meta.url));
      await bundleProgram(input, file);
      const old = await filesOf(before);
      const next = await filesOf(after);
      await (await start(stage)).look(before);
      const seen = { old: 0, next: 0 };
      for (let round = 0; round < 100; round += 1) {
        const writer = spawn(process.execPath, [file, stage.root], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        await once(writer.stdout, 'data');
        await delay(Math.random() * 20);
        writer.kill('SIGKILL');
        await once(writer, 'exit');
        expect(findHalf(stage, old, next)).toEqual([]);
        seen[stage.read(registriesPath) === next[registriesPath] ? 'next' : 'old'] += 1;
      }
      // Both occur, or nothing was ever being written when it died.
      expect(seen.old).toBeGreaterThan(0);
      expect(seen.next).toBeGreaterThan(0);
      const healthy = await start(stage);
      await healthy.look(after);
      expect(stage.contents()).toEqual(next);
      expect(execFileSync('find', [stage.root, '-name', '*.tmp'], { encoding: 'utf8' })).toBe('');
    } finally {
      stage.remove();
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
