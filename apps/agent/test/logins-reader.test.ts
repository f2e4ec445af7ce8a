import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LoginsReader } from '../src/restart/logins-reader.js';
import { ServiceStart } from '../src/restart/service-start.js';
import { buildNodeStage, type NodeStage, registriesPath } from './node-stage.js';

const marker = '/var/lib/rancher/k3s/agent/etc/containerd/config.toml';
const noon = 1_790_000_000;
const login = (password: string) =>
  `configs: {"r.example.com": {auth: {username: u, password: "${password}"}}}\n`;

let stage: NodeStage;
let procStat: string;
beforeEach(() => {
  stage = buildNodeStage();
  procStat = join(stage.root, 'stat');
  writeFileSync(procStat, `cpu 1 2 3\nbtime ${noon - 86_400}\n`);
});
afterEach(() => stage.remove());

/** Minutes from noon. */
function put(path: string, content: string, minutes: number): void {
  stage.put(path, content);
  utimesSync(join(stage.root, path), noon + minutes * 60, noon + minutes * 60);
}

async function look(): Promise<{ inEffect: boolean; loaded: string | null }> {
  const { disk, state } = stage.start();
  await state.load();
  const reader = new LoginsReader('k3s', disk, state, new ServiceStart(disk, marker, procStat));
  await reader.noteStart();
  const { loaded } = state.current;
  return { loaded, inEffect: loaded === (await reader.digest()) };
}

describe('whether the logins on the node are in effect', () => {
  it.each([
    ['are, when K3s has started after they were written', -5, true],
    ['are not, when they were written after its start', 5, false],
  ])('%s', async (_, minutes, inEffect) => {
    put(marker, '', 0);
    put(registriesPath, login('a'), minutes);
    expect((await look()).inEffect).toBe(inEffect);
  });

  it('change with the file, and are again after the next start', async () => {
    put(registriesPath, login('a'), -5);
    put(marker, '', 0);
    expect((await look()).inEffect).toBe(true);
    put(registriesPath, login('b'), 5);
    expect((await look()).inEffect).toBe(false);
    put(marker, '', 10);
    expect((await look()).inEffect).toBe(true);
  });

  it('stay in effect over a change of mirrors alone', async () => {
    put(registriesPath, login('a'), -5);
    put(marker, '', 0);
    await look();
    put(registriesPath, `mirrors: {docker.io: }\n${login('a')}`, 5);
    expect((await look()).inEffect).toBe(true);
  });

  it('are after a boot of the machine', async () => {
    put(registriesPath, login('a'), -5);
    put(marker, '', 0);
    await look();
    put(registriesPath, login('b'), 5);
    writeFileSync(procStat, `btime ${noon + 600}\n`);
    expect((await look()).inEffect).toBe(true);
  });

  it('are taken to be where nothing tells when anything started', async () => {
    writeFileSync(procStat, '');
    put(registriesPath, login('a'), 0);
    expect((await look()).inEffect).toBe(true);
    put(registriesPath, login('b'), 5);
    expect((await look()).inEffect).toBe(false);
  });

  it('are none on a node that has none', async () => {
    expect((await look()).inEffect).toBe(true);
  });
});
