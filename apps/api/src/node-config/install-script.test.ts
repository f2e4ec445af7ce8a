/**
 * The install script of a node config, run by real shells below a folder of its own.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildInstallScript, type NodeConfigFormat, type NodeFile } from '@moorage/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

// dash, bash as sh, busybox: those that nodes have.
const SHELLS = [['/bin/dash'], ['/bin/bash', '--posix'], ['/bin/busybox', 'sh']].filter(
  ([program = '']) => existsSync(program),
);

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'moorage install '));
});
afterEach(() => rmSync(root, { recursive: true }));

const YAML = '/etc/rancher/k3s/registries.yaml';
const CA = '/etc/rancher/k3s/tls/reg.crt';
const HARD = 'password: "$HOME `id` \\\\ \'x\' é"\n\n# MOORAGE_END\nMOORAGE_END\n\ttab\r\n';
const files = (content: string): NodeFile[] => [
  { path: YAML, mode: '0600', content },
  { path: CA, mode: '0644', content: 'CERT\n' },
];
const at = (path: string) => join(root, path);
const modeOf = (path: string) => (statSync(at(path)).mode & 0o777).toString(8);

function run(
  shell: readonly string[],
  content: readonly NodeFile[],
  format: NodeConfigFormat = 'k3s-registries.yaml',
  words: readonly string[] = [],
): string {
  const [program = '', ...options] = shell;
  const subject = { environment: 'default', format, restart: 'k3s', files: content } as const;
  return execFileSync(program, [...options, '-s', '--', ...words], {
    input: buildInstallScript(subject),
    cwd: root,
    env: { NODE_ENV: 'test', PATH: '/usr/bin:/bin', MOORAGE_ROOT: root },
    encoding: 'utf8',
    stdio: 'pipe',
  });
}

it('has a shell to run in', () => {
  expect(SHELLS.length).toBeGreaterThan(0);
});

describe.each(SHELLS.map((shell) => [shell.join(' '), shell] as const))('%s', (_, shell) => {
  it('writes every file as it is, for its owner alone, in folders of its own below those of all', () => {
    const output = run(shell, files(HARD));
    expect(readFileSync(at(YAML), 'utf8')).toBe(HARD);
    const places = [YAML, CA, '/etc/rancher', '/etc/rancher/k3s', '/etc/rancher/k3s/tls'];
    expect(places.map(modeOf)).toEqual(['600', '644', '755', '700', '700']);
    expect(output).toContain(`written:   ${root}${YAML}`);
    expect(output).toContain('systemctl restart k3s-agent');
    expect(readdirSync(dirname(at(YAML))).toSorted()).toEqual(['registries.yaml', 'tls']);
  });

  it('touches nothing that is the same, and says so', () => {
    run(shell, files(HARD));
    const before = statSync(at(YAML));
    const output = run(shell, files(HARD));
    expect(statSync(at(YAML))).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs });
    expect(output).toContain('nothing has to be restarted');
    expect(output).not.toContain('systemctl');
    expect(existsSync(`${at(YAML)}.moorage-backup`)).toBe(false);
  });

  it('keeps what was there before, and folders as they were', () => {
    mkdirSync(dirname(at(YAML)), { recursive: true });
    chmodSync(dirname(at(YAML)), 0o755);
    writeFileSync(at(YAML), 'by hand\n', { mode: 0o644 });
    run(shell, files('new: 1\n'));
    expect(readFileSync(at(YAML), 'utf8')).toBe('new: 1\n');
    expect(readFileSync(`${at(YAML)}.moorage-backup`, 'utf8')).toBe('by hand\n');
    expect([modeOf(YAML), modeOf(`${YAML}.moorage-backup`), modeOf(dirname(YAML))]).toEqual([
      '600',
      '600',
      '755',
    ]);
  });

  it('changes nothing at all when one place is no ordinary file', () => {
    mkdirSync(dirname(at(CA)), { recursive: true });
    symlinkSync('/nowhere', at(CA));
    expect(() => run(shell, files('new: 1\n'))).toThrow(/is a symbolic link; nothing was changed/);
    expect(existsSync(at(YAML))).toBe(false);
  });

  it('changes nothing when somebody asks it for help', () => {
    const ask = () => run(shell, files('new: 1\n'), 'k3s-registries.yaml', ['--help']);
    expect(ask).toThrow(/takes no arguments; nothing was changed/);
    expect(existsSync(at(YAML))).toBe(false);
  });

  it('leaves a file that others write to, and offers its own beside it', () => {
    const daemon: NodeFile = {
      path: '/etc/docker/daemon.json',
      mode: '0644',
      content: '{"a":1}\n',
    };
    mkdirSync(dirname(at(daemon.path)), { recursive: true });
    writeFileSync(at(daemon.path), '{"theirs":true}\n');
    expect(run(shell, [daemon], 'docker')).toContain('was written by others');
    expect(readFileSync(at(daemon.path), 'utf8')).toBe('{"theirs":true}\n');
    expect(readFileSync(`${at(daemon.path)}.moorage-offer`, 'utf8')).toBe('{"a":1}\n');
    rmSync(at(daemon.path));
    run(shell, [daemon], 'docker');
    run(shell, [{ ...daemon, content: '{"a":2}\n' }], 'docker');
    expect(readFileSync(at(daemon.path), 'utf8')).toBe('{"a":2}\n');
  });

  it('puts what is for no node into the folder where it runs', () => {
    run(
      shell,
      [{ path: 'rancher-cluster.yaml', mode: '0644', content: 'x: 1\n' }],
      'rancher-cluster',
    );
    expect(readFileSync(at('rancher-cluster.yaml'), 'utf8')).toBe('x: 1\n');
  });

  it('does nothing when it was cut off on its way', () => {
    const subject = { environment: 'e', format: 'k3s-registries.yaml', restart: 'k3s' } as const;
    const script = buildInstallScript({ ...subject, files: files('new: 1\n') });
    const [program = '', ...options] = shell;
    for (const share of [0.5, 0.8, 0.95, 0.99]) {
      const input = script.slice(0, Math.floor(script.length * share));
      try {
        const env = { NODE_ENV: 'test', PATH: '/usr/bin:/bin', MOORAGE_ROOT: root } as const;
        execFileSync(program, [...options, '-s'], { input, cwd: root, env, stdio: 'pipe' });
      } catch (error) {
        expect(error).toHaveProperty('status', 2); // a shell's word for a syntax error
      }
      expect(readdirSync(root)).toEqual([]);
    }
  });
});
