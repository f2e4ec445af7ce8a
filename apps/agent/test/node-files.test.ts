import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { encodeNodeFiles } from '@moorage/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  buildConfig,
  buildNodeStage,
  caPath,
  certsPath,
  filesOf,
  type NodeStage,
  noConfig,
  plainly,
  registriesPath,
  secretOf,
} from './node-stage.js';

const hub = `${certsPath}/docker.io/hosts.toml`;
let stage: NodeStage;
beforeEach(() => {
  stage = buildNodeStage();
});
afterEach(() => stage.remove());

/** One look of a new process. */
async function apply(config = buildConfig({ hash: 'h1' }), options: object = {}) {
  const { files, state } = stage.start();
  await state.load();
  await files.prepare();
  const outcome = await files.apply(config, { ...plainly, ...options });
  return { ...outcome, state: state.current };
}

const backups = () => stage.paths().filter((path) => path.includes('/backups/'));

describe('a node without anything', () => {
  it('gets every file, the one with logins for root alone in a folder for root alone', async () => {
    const { refusal, drift, state } = await apply(buildConfig({ hash: 'h1', ca: 'AAAA' }));
    expect([refusal, drift]).toEqual([null, []]);
    expect(Object.keys(stage.contents())).toEqual([
      registriesPath,
      caPath,
      hub,
      `${certsPath}/mirror.example.com/hosts.toml`,
    ]);
    expect(stage.read(hub)).toContain('ca = ["/etc/rancher/k3s/tls/mirror.example.com.crt"]');
    const modes = [registriesPath, '/etc/rancher/k3s', hub, `${certsPath}/docker.io`];
    expect(modes.map(stage.mode)).toEqual(['600', '700', '644', '700']);
    expect(stage.mode('/var/lib/moorage-agent')).toBe('700');
    expect(stage.mode('/var/lib/moorage-agent/state.json')).toBe('600');
    expect(state.appliedHash).toBe('h1');
  });

  it('is not written to a second time', async () => {
    await apply();
    const before = stage.logged.length;
    await apply();
    expect(stage.logged.length).toBe(before);
  });

  it('keeps the permissions of a folder that others use, too', async () => {
    stage.put('/etc/rancher/k3s/k3s.yaml', 'kubeconfig');
    const before = stage.mode('/etc/rancher/k3s');
    await apply();
    expect(stage.mode('/etc/rancher/k3s')).toBe(before);
    expect(stage.mode(registriesPath)).toBe('600');
  });
});

describe('a file with logins', () => {
  it('is for root alone, also when it was there before, or was opened by hand', async () => {
    const config = buildConfig({ hash: 'h1' });
    stage.put(registriesPath, config.read()['registries.yaml'] ?? '');
    chmodSync(join(stage.root, registriesPath), 0o644);
    const { state } = await apply(config);
    expect([stage.mode(registriesPath), state.replaced]).toEqual(['600', []]);
    chmodSync(join(stage.root, registriesPath), 0o444);
    await apply(config);
    expect(stage.mode(registriesPath)).toBe('400');
  });
});

describe('files of others', () => {
  it('are kept and reported when the config takes their place, and left alone otherwise', async () => {
    stage.put(registriesPath, 'mirrors: {}\n');
    stage.put(`${certsPath}/quay.io/hosts.toml`, 'server = "https://quay.io"\n');
    const { state } = await apply();
    const [backup = ''] = backups();
    expect(stage.read(backup)).toBe('mirrors: {}\n');
    expect(stage.mode(backup)).toBe('600');
    expect(state.replaced).toEqual([{ path: registriesPath, backup }]);
    expect(stage.read(`${certsPath}/quay.io/hosts.toml`)).toBe('server = "https://quay.io"\n');
    await apply(noConfig);
    expect(stage.contents()).toEqual({
      [`${certsPath}/quay.io/hosts.toml`]: 'server = "https://quay.io"\n',
    });
  });

  it('are not written through when they are links', async () => {
    mkdirSync(join(stage.root, '/etc/rancher/k3s'), { recursive: true });
    stage.put('/etc/other.yaml', 'mine');
    symlinkSync('/etc/other.yaml', join(stage.root, registriesPath));
    await expect(apply()).rejects.toMatchObject({ code: 'file.not-regular' });
    expect(stage.read('/etc/other.yaml')).toBe('mine');
  });
});

describe('a hand edit', () => {
  it('is shown as drift and left, look after look', async () => {
    await apply();
    stage.put(hub, '# by hand\n');
    for (const _ of [1, 2]) {
      const { drift } = await apply();
      expect(drift).toEqual([{ path: hub, change: 'changed' }]);
      expect(stage.read(hub)).toBe('# by hand\n');
    }
  });

  it('gives way to a newer version, kept and reported', async () => {
    await apply();
    stage.put(registriesPath, '# by hand\n');
    const { drift, state } = await apply(buildConfig({ hash: 'h2', password: 'planted-2' }));
    expect(drift).toEqual([]);
    expect(state.replaced.map(({ path }) => path)).toEqual([registriesPath]);
    expect(stage.read(backups()[0] ?? '')).toBe('# by hand\n');
    expect(stage.read(registriesPath)).toContain('planted-2');
    const next = await apply(buildConfig({ hash: 'h3' }));
    expect(next.state.replaced).toEqual([]);
  });

  it('gives way once when a person wishes so', async () => {
    await apply();
    stage.put(hub, '# by hand\n');
    expect((await apply(undefined, { writeOver: 'now' })).drift).toEqual([]);
    expect(stage.read(hub)).toContain('mirror.example.com');
    stage.put(hub, '# again\n');
    expect((await apply(undefined, { writeOver: 'now' })).drift).toHaveLength(1);
    expect(stage.read(hub)).toBe('# again\n');
  });

  it('is also a file beside ours that containerd would read first', async () => {
    const port = buildConfig({ hash: 'h1', extra: 'registry.example.com:5000' });
    await apply(port);
    const shadow = `${certsPath}/registry.example.com_5000_/hosts.toml`;
    stage.put(shadow, '');
    expect((await apply(port)).drift).toEqual([{ path: shadow, change: 'added' }]);
  });

  it('never loses what one config replaced, however much that is', async () => {
    const names = Array.from({ length: 30 }, (_, nth) => `r${nth}.example.com`);
    const hosts = (name: string) => `${certsPath}/${name}/hosts.toml`;
    for (const name of names) stage.put(hosts(name), `# of ${name}\n`);
    const mirrors = names.map((name) => `  "${name}":\n    endpoint: ["https://m.example.com"]\n`);
    const document = `mirrors:\n${mirrors.join('')}`;
    const files = [{ path: registriesPath, mode: '0600', content: document }] as const;
    const encoded = encodeNodeFiles(files, 'k3s');
    const { state } = await apply(secretOf('h1', encoded.ok ? encoded.value : {}));
    const kept = new Map(state.replaced.map(({ path, backup }) => [path, stage.read(backup)]));
    expect(kept).toEqual(new Map(names.map((name) => [hosts(name), `# of ${name}\n`])));
  });

  it('never fills the disk with what it replaced', async () => {
    for (let round = 0; round < 25; round += 1) {
      stage.put(registriesPath, `# by hand ${round}\n`);
      await apply(buildConfig({ hash: `h${round}`, password: `p${round}` }));
    }
    expect(backups().length).toBeLessThanOrEqual(20);
  });
});

describe('a config that nodes would not read', () => {
  it.each([
    ['registries.yaml', 'mirrors: ['],
    ['hosts.toml.docker.io', 'not toml'],
  ])('is refused for its %s, and everything stays', async (key, broken) => {
    await apply();
    const before = stage.contents();
    const good = buildConfig({ hash: 'h2', password: 'planted-2' }).read();
    const { refusal, state } = await apply(secretOf('h2', { ...good, [key]: broken }));
    expect(refusal?.code).toMatch(/^config\./);
    expect(stage.contents()).toEqual(before);
    expect(state.appliedHash).toBe('h1');
  });

  it('does not hide drift', async () => {
    await apply();
    stage.put(hub, '# by hand\n');
    const { drift } = await apply(secretOf('h2', { 'registries.yaml': '[' }));
    expect(drift).toEqual([{ path: hub, change: 'changed' }]);
  });
});

describe('a file that is no longer wanted', () => {
  it('goes, with the folder that was made for it', async () => {
    await apply(buildConfig({ hash: 'h1', extra: 'quay.io' }));
    await apply(buildConfig({ hash: 'h2' }));
    expect(stage.read(`${certsPath}/quay.io/hosts.toml`)).toBeNull();
    expect(() => stage.mode(`${certsPath}/quay.io`)).toThrow();
  });

  it('is kept when it was edited', async () => {
    await apply(buildConfig({ hash: 'h1', extra: 'quay.io' }));
    stage.put(`${certsPath}/quay.io/hosts.toml`, '# by hand\n');
    const { state } = await apply(buildConfig({ hash: 'h2' }));
    expect(stage.read(`${certsPath}/quay.io/hosts.toml`)).toBeNull();
    expect(stage.read(state.replaced[0]?.backup ?? '')).toBe('# by hand\n');
  });
});

describe('the way back', () => {
  it('restores what was there before, others’ files as others’', async () => {
    stage.put(registriesPath, '# of before\n');
    await apply(undefined, { keepGood: true });
    const { files, state } = stage.start();
    await state.load();
    expect(await files.goBack()).toBe(true);
    expect(stage.contents()).toEqual({ [registriesPath]: '# of before\n' });
    expect(state.current).toMatchObject({ appliedHash: null, left: {} });
    await files.forgetGood();
    expect(stage.paths().filter((path) => path.includes('/good/'))).toEqual([]);
  });

  // A node may wait for its turn while one config after the other arrives.
  it('leads past every config that came since, with what each of them replaced', async () => {
    await apply(buildConfig({ hash: 'h1' }));
    const before = stage.contents();
    await apply(buildConfig({ hash: 'h2', extra: 'quay.io' }), { keepGood: true });
    const others = `${certsPath}/ghcr.io/hosts.toml`;
    stage.put(others, '# of others\n');
    await apply(buildConfig({ hash: 'h3', extra: 'ghcr.io' }), { keepGood: true });
    await apply(buildConfig({ hash: 'h4', extra: 'gcr.io' }), { keepGood: true });
    const { files, state } = stage.start();
    await state.load();
    await files.goBack();
    expect(stage.contents()).toEqual({ ...before, [others]: '# of others\n' });
  });
});

describe('no secret', () => {
  it('is in what is logged or remembered', async () => {
    await apply();
    await apply(buildConfig({ hash: 'h2', password: 'planted-2' }));
    const remembered = stage.read('/var/lib/moorage-agent/state.json') ?? '';
    expect(`${stage.logged.join('')}${remembered}`).not.toContain('planted');
    expect(Object.keys(await filesOf(buildConfig({ hash: 'h1' })))).toContain(registriesPath);
  });
});
