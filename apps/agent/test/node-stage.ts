/** A node in a temporary folder, and configs for it. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import * as fileSystem from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type AgentDistribution, encodeNodeFiles, type NodeFile } from '@moorage/core';
import { type DesiredConfig, desiredConfigOf, noConfig } from '../src/desired-config.js';
import { KeptCopies } from '../src/files/kept-copies.js';
import { type FileSystem, NodeDisk } from '../src/files/node-disk.js';
import { NodeFiles } from '../src/files/node-files.js';
import { StateFile } from '../src/files/state-file.js';
import { createLog } from '../src/log.js';

export const registriesPath = '/etc/rancher/k3s/registries.yaml';
export const certsPath = '/var/lib/rancher/k3s/agent/etc/containerd/certs.d';
export const caPath = '/etc/rancher/k3s/tls/mirror.example.com.crt';
const pem = (text: string) => `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`;

export interface ConfigOptions {
  readonly hash: string;
  readonly mirror?: string;
  readonly password?: string;
  readonly ca?: string;
  /** A registry more, whose hosts file comes and goes. */
  readonly extra?: string;
}

/** As the API would write it. */
export function buildConfig({ hash, mirror, password, ca, extra }: ConfigOptions): DesiredConfig {
  const host = mirror ?? 'mirror.example.com';
  const more = extra === undefined ? '' : `  "${extra}":\n    endpoint: ["https://${host}"]\n`;
  const tls = ca === undefined ? '' : `\n    tls: {ca_file: "${caPath}"}`;
  const document = `mirrors:\n  "docker.io":\n    endpoint: ["https://${host}"]\n${more}configs:\n  "${host}":\n    auth: {username: "u", password: "${password ?? 'planted-1'}"}${tls}\n`;
  const files: NodeFile[] = [{ path: registriesPath, mode: '0600', content: document }];
  if (ca !== undefined) files.push({ path: caPath, mode: '0644', content: pem(ca) });
  const encoded = encodeNodeFiles(files, 'k3s');
  return secretOf(hash, encoded.ok ? encoded.value : {});
}

export function secretOf(hash: string, data: Readonly<Record<string, string>>): DesiredConfig {
  return desiredConfigOf({
    metadata: {
      name: 'moorage-node-config',
      resourceVersion: '1',
      annotations: { 'moorage.dev/content-hash': hash, 'moorage.dev/distribution': 'k3s' },
    },
    data: Object.fromEntries(
      Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString('base64')]),
    ),
  });
}

export { noConfig };

/** What the files of a config are on the node, by path. */
export async function filesOf(config: DesiredConfig): Promise<Readonly<Record<string, string>>> {
  const stage = buildNodeStage();
  try {
    await stage.start().files.apply(config, plainly);
    return stage.contents();
  } finally {
    stage.remove();
  }
}

export const plainly = { writeOver: null, keepGood: false } as const;

export interface NodeStage {
  readonly root: string;
  readonly logged: string[];
  /** A new process on the same node. */
  start(options?: { fs?: FileSystem; distribution?: AgentDistribution }): {
    readonly files: NodeFiles;
    readonly state: StateFile;
    readonly disk: NodeDisk;
  };
  put(path: string, content: string): void;
  read(path: string): string | null;
  mode(path: string): string;
  /** Of everything outside the agent's own folder. */
  contents(): Record<string, string>;
  /** All paths, the agent's own included. */
  paths(): string[];
  remove(): void;
}

export function buildNodeStage(): NodeStage {
  const root = mkdtempSync(join(tmpdir(), 'agent-node-'));
  const logged: string[] = [];
  const log = createLog((line) => void logged.push(line));
  const read = (path: string) => {
    try {
      return readFileSync(join(root, path), 'utf8');
    } catch {
      return null;
    }
  };
  const paths = () =>
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
      .sort();
  return {
    root,
    logged,
    start({ fs = fileSystem, distribution = 'k3s' } = {}) {
      const disk = new NodeDisk(root, fs);
      const state = new StateFile(disk, log);
      const options = { distribution, disableDefaultEndpoint: false, embeddedRegistry: null };
      const copies = new KeptCopies(disk);
      const now = () => Date.parse('2026-11-26T22:00:00.000Z');
      return { disk, state, files: new NodeFiles({ disk, state, copies, log, options, now }) };
    },
    put(path, content) {
      mkdirSync(join(root, dirname(path)), { recursive: true });
      writeFileSync(join(root, path), content);
    },
    read,
    mode: (path) => (statSync(join(root, path)).mode & 0o777).toString(8),
    contents: () =>
      Object.fromEntries(
        paths()
          .filter((path) => !path.startsWith('/var/lib/moorage-agent/'))
          .map((path) => [path, read(path) ?? '']),
      ),
    paths,
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
