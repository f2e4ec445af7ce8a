import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Agent, stateOf } from '../src/agent.js';
import type { UntimedReport } from '../src/cluster/report-writer.js';
import type { DesiredConfig } from '../src/desired-config.js';
import type { NodeFiles } from '../src/files/node-files.js';
import type { StateFile } from '../src/files/state-file.js';
import { createLog } from '../src/log.js';
import { LoginsReader } from '../src/restart/logins-reader.js';
import { Restarts } from '../src/restart/restarts.js';
import { ServiceStart } from '../src/restart/service-start.js';
import {
  buildConfig,
  buildNodeStage,
  certsPath,
  type NodeStage,
  noConfig,
  registriesPath,
  secretOf,
} from './node-stage.js';

const hub = `${certsPath}/docker.io/hosts.toml`;

describe('the one word for a node', () => {
  const drift = [{ path: '/a', change: 'changed' as const }];
  const fine = {
    problem: null,
    drift: [],
    need: 'live',
    isApplied: true,
    isRestarting: false,
  } as const;
  const problem = (code: string) => ({ code, detail: '' });
  it.each([
    ['in-sync', fine],
    ['in-sync', { ...fine, need: 'none' }],
    ['restart-needed', { ...fine, need: 'k3s' }],
    ['drift', { ...fine, need: 'k3s', drift }],
    ['pending', { ...fine, drift, isApplied: false }],
    ['failed', { ...fine, drift, problem: problem('config.refused') }],
    ['restarting', { ...fine, problem: problem('config.refused'), isRestarting: true }],
    // Another node's failure is not this one's.
    ['restart-needed', { ...fine, need: 'k3s', problem: problem('restart.stopped') }],
  ] as const)('is %s', (state, question) => {
    expect(stateOf(question)).toBe(state);
  });
});

describe('a look', () => {
  let stage: NodeStage;
  let config: DesiredConfig | null;
  let reports: UntimedReport[];
  let wish: string | null;
  let isDeaf: boolean;
  beforeEach(() => {
    stage = buildNodeStage();
    config = buildConfig({ hash: 'h1' });
    reports = [];
    wish = null;
    isDeaf = false;
  });
  afterEach(() => stage.remove());

  /** Another node has the turn, for as long as anybody looks. */
  function waitingRestarts(files: NodeFiles, state: StateFile): Restarts {
    const renewedAt = new Date(0).toISOString();
    const lease = { holder: 'b', renewedAt, durationSeconds: 60, stop: null, resourceVersion: '1' };
    return new Restarts({
      node: 'worker-1',
      command: ['false'],
      timeLimitMs: 1,
      pauseMs: 1,
      lease: { read: async () => lease, write: async () => false },
      health: { findFault: async () => 'down' },
      files,
      state,
      log: createLog((line) => void stage.logged.push(line)),
      readAtStart: async () => '',
      signOfLife: () => undefined,
      now: () => 0,
    });
  }

  /** An agent on the node until it has looked so often. */
  async function look(times = 1, mayRestart = false): Promise<UntimedReport | undefined> {
    const { files, state, disk } = stage.start();
    const ending = new AbortController();
    let looks = 0;
    const agent = new Agent({
      node: 'worker-1',
      distribution: 'k3s',
      version: '1',
      intervalMs: 1,
      watch: {
        get current() {
          looks += 1;
          if (looks >= times) ending.abort();
          return config;
        },
      },
      facts: {
        readIdentity: async () => ({ uid: 'u', distributionVersion: 'v1', runtimeVersion: null }),
      },
      report: {
        get wish() {
          return wish;
        },
        readWish: async () => undefined,
        write: async (report) => {
          if (isDeaf) throw new Error('the API server is away');
          reports.push(report);
        },
      },
      files,
      state,
      reader: new LoginsReader('k3s', disk, state, new ServiceStart(disk, null, '/none')),
      restarts: mayRestart ? waitingRestarts(files, state) : null,
      log: createLog((line) => void stage.logged.push(line)),
      signOfLife: () => undefined,
      now: () => 0,
    });
    await agent.run(ending.signal);
    return reports.at(-1);
  }

  it('does nothing as long as nobody has said what there shall be', async () => {
    config = null;
    expect(await look(3)).toBeUndefined();
    expect(stage.contents()).toEqual({});
  });

  it('writes, and says what the node has now', async () => {
    expect(await look()).toMatchObject({
      node: 'worker-1',
      desiredHash: 'h1',
      appliedHash: 'h1',
      state: 'restart-needed',
      restart: 'k3s',
      versions: { distribution: 'v1', agent: '1' },
    });
  });

  it('finds logins in effect that were there before it came', async () => {
    stage.put(
      registriesPath,
      stage.read(registriesPath) ?? config?.read()['registries.yaml'] ?? '',
    );
    expect(await look()).toMatchObject({ state: 'in-sync', restart: 'live', replaced: [] });
  });

  it('reports a refused config beside the drift, and does the work of the next', async () => {
    await look();
    stage.put(hub, '# by hand\n');
    config = secretOf('h2', { 'registries.yaml': '[' });
    expect(await look()).toMatchObject({
      state: 'failed',
      desiredHash: 'h2',
      appliedHash: 'h1',
      drift: [{ path: hub }],
      lastError: { code: 'config.refused' },
    });
    config = buildConfig({ hash: 'h3', mirror: 'other.example.com' });
    expect(await look()).toMatchObject({ desiredHash: 'h3', appliedHash: 'h3', drift: [] });
    expect(stage.read(hub)).toContain('other.example.com');
  });

  it('fulfils a wish to write over once', async () => {
    await look();
    stage.put(hub, '# by hand\n');
    wish = 'please';
    expect(await look()).toMatchObject({ drift: [] });
    stage.put(hub, '# again\n');
    expect(await look()).toMatchObject({ state: 'drift' });
  });

  it('says which file it cannot write, and goes on', async () => {
    stage.put('/etc/rancher', 'a file where a folder should be');
    const report = await look();
    expect(report).toMatchObject({ state: 'failed', lastError: { code: 'disk.enotdir' } });
    expect(report?.lastError?.detail).toMatch(/^\/etc\/rancher\/k3s/);
  });

  it('goes on when its own memory cannot be read', async () => {
    stage.put('/var/lib/moorage-agent/state.json/x', 'a folder where a file should be');
    const report = await look();
    expect(report).toMatchObject({
      state: 'failed',
      lastError: { code: expect.stringMatching(/^disk\./) as string },
    });
    expect(stage.logged.join('')).toContain('the state of before cannot be read');
  });

  it('brings the files also while nobody hears its report', async () => {
    isDeaf = true;
    await look();
    expect(stage.read(hub)).not.toBeNull();
    expect(stage.logged.join('')).toContain('the report could not be written');
    isDeaf = false;
    expect(await look()).toMatchObject({ appliedHash: 'h1' });
  });

  it('takes everything away when there is no config any more', async () => {
    await look();
    config = noConfig;
    expect(await look()).toMatchObject({ desiredHash: null, appliedHash: null });
    expect(stage.contents()).toEqual({});
  });

  // Somebody edited the file and started nothing anew: what the node runs with is not known then.
  it('keeps what is there for the way back, also when it is not in effect', async () => {
    stage.put(registriesPath, '# of before\n');
    const { state, files } = stage.start();
    await state.load();
    await state.update({ loaded: 'unknown' });
    await look(1, true);
    expect(stage.read(registriesPath)).toContain('mirror.example.com');
    await state.load();
    expect(await files.goBack()).toBe(true);
    expect(stage.contents()).toEqual({ [registriesPath]: '# of before\n' });
  });

  it('does not take everything away again after the node did not come back without it', async () => {
    await look();
    const before = stage.contents();
    const { state } = stage.start();
    await state.load();
    await state.update({ rejected: { hash: 'none', code: 'restart.rolled-back', fault: 'down' } });
    config = noConfig;
    expect(await look()).toMatchObject({ lastError: { code: 'restart.rolled-back' } });
    expect(stage.contents()).toEqual(before);
  });
});
