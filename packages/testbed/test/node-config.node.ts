/**
 * Node configs read by the real programs: rendered from an environment, put where they belong, and
 * an image pulled through them from real registries.
 *
 * `containerd-hosts` and `k3s-registries.yaml` are read by stock containerd 1.6; what K3s makes of its
 * file (hosts.toml, logins) comes from our model of K3s, not from K3s itself. `crio` is read by skopeo.
 * Rewrites in K3s' own containerd are derived from its source and not shown here.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  buildNodeConfig,
  checkRegistriesYaml,
  formatAuthStanzas,
  loadRegistriesYaml,
  type NodeFile,
} from '@moorage/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasParts, pushTestImage, type Registry, startRegistry } from '../src/index.js';
import { createTemporaryDirectory } from '../src/temporary-directory.js';
import { type BareContainerd, createBareContainerd } from './bare-containerd.js';
import {
  type CaseWorld,
  type Engine,
  type NodeConfigCase,
  nodeConfigCases,
  nodeLogin,
} from './node-config-cases.js';
import { pullBySkopeo } from './skopeo-node.js';

const names = ['harbor.example.com', 'plain.example.com'] as const;
/** Nothing listens on their address: no test asks a registry outside of this machine. */
const deadNames = ['registry-1.docker.io', 'docker.io', 'index.docker.io', 'auth.docker.io'].concat(
  ['registry', 'other', 'dead'].map((name) => `${name}.example.com`),
);
const hostsFile = `127.0.0.1 localhost ${names.join(' ')}\n127.255.0.1 ${deadNames.join(' ')}\n`;
// Addresses and the certificate are not known yet when tests are declared; the names are.
const caseNames = nodeConfigCases({ harbor: 'h', plain: 'p', caCertificate: '' }).map(
  ({ name }) => name,
);

describe.skipIf(!hasParts('node'))('a rendered node config', () => {
  const directory = createTemporaryDirectory('node-config');
  let harbor: Registry;
  let plain: Registry;
  let world: CaseWorld;
  let containerd: BareContainerd;
  let stanzas: string | undefined;

  beforeAll(async () => {
    const tls = { names: [names[0], 'localhost'] };
    [harbor, plain] = await Promise.all([
      startRegistry({ htpasswd: [nodeLogin], tls }),
      startRegistry(),
    ]);
    world = {
      harbor: `${names[0]}:${portOf(harbor)}`,
      plain: `${names[1]}:${portOf(plain)}`,
      caCertificate: harbor.caCertificate ?? '',
    };
    for (const repository of ['team/app', 'library/nginx', 'proxy/team/app', 'hub/redis']) {
      const image = { repository, tag: '1', login: nodeLogin };
      await pushTestImage({ ...image, address: harbor.address });
    }
    for (const repository of ['team/app', 'only-plain']) {
      await pushTestImage({ address: plain.address, repository, tag: '1' });
    }
    const emptyCaFile = join(directory.path, 'no-authorities');
    writeFileSync(emptyCaFile, '');
    containerd = createBareContainerd({
      directory: directory.path,
      hostsFile,
      systemCaFile: emptyCaFile,
    });
  });
  afterAll(async () => {
    await containerd?.stop();
    await Promise.all([harbor?.stop(), plain?.stop()]);
    await directory.remove();
  });

  /** Puts files below the test's own folder; paths inside of them follow. */
  function place(files: readonly NodeFile[]): readonly NodeFile[] {
    const placed = files.map(({ path, mode, content }) => ({
      path: `${directory.path}${path}`,
      mode,
      content: content.replaceAll('"/etc/', `"${directory.path}/etc/`),
    }));
    for (const { path, content } of placed) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    }
    return placed;
  }

  async function pullByContainerd(
    hosts: Readonly<Record<string, string>>,
    logins: string,
    { image, podLogin }: NodeConfigCase,
  ): Promise<string | null> {
    containerd.configureHosts(hosts);
    if (logins !== stanzas) await containerd.restart(logins);
    stanzas = logins;
    return containerd.pull(image, podLogin ?? null);
  }

  function pull(engine: Engine, node: NodeConfigCase): Promise<string | null> {
    const { files } = buildNodeConfig(node.model, { format: engine, secrets: 'included' });
    if (engine === 'crio') {
      return pullBySkopeo({ directory: directory.path, hostsFile, files, ...node });
    }
    const placed = place(files);
    if (engine === 'containerd-hosts') {
      return pullByContainerd(
        hostsOf(placed),
        asVersion2(textOf(placed, '-registries.toml')),
        node,
      );
    }
    const document = textOf(placed, 'registries.yaml');
    const loaded = loadRegistriesYaml(document);
    const { hosts } = checkRegistriesYaml({ document, distribution: 'k3s' });
    const texts = Object.entries(hosts).map(([name, { hostsToml }]) => [name, hostsToml]);
    const logins = loaded.loads ? formatAuthStanzas(loaded.file, (s) => s.reveal()) : '';
    return pullByContainerd(Object.fromEntries(texts), asVersion2(logins), node);
  }

  describe.each(['containerd-hosts', 'k3s-registries.yaml', 'crio'] as const)('as %s', (engine) => {
    it.each(caseNames)('pulls, or does not, as predicted: %s', async (name) => {
      const node = nodeConfigCases(world).find((candidate) => candidate.name === name);
      if (node === undefined) throw new Error(`no case ${name}`);
      const servedBy = node.except?.[engine] === undefined ? node.servedBy : node.except[engine];
      const before = { harbor: served(harbor).length, plain: served(plain).length };
      const error = await pull(engine, node);
      const after = { harbor: served(harbor), plain: served(plain) };
      const by = (['harbor', 'plain'] as const).filter((n) => after[n].length > before[n]);
      expect({ by, error }).toEqual(
        servedBy === null ? { by: [], error: expect.any(String) } : { by: [servedBy], error: null },
      );
      if (servedBy !== null && node.request !== undefined) {
        const paths = after[servedBy].slice(before[servedBy]).map(({ path }) => path.split('?')[0]);
        expect(paths).toContain(node.request);
      }
    });
  });

  it('brings no logins to a containerd before 2.0 as it is, and its diagnostic says so', async () => {
    const [node] = nodeConfigCases(world);
    if (node === undefined) throw new Error('no cases');
    const config = buildNodeConfig(node.model, { format: 'containerd-hosts', secrets: 'included' });
    const codes = config.diagnostics.map(({ code }) => code);
    expect(codes).toContain('node-config.logins-need-containerd-2');
    const placed = place(config.files);
    const logins = withoutHead(textOf(placed, '-registries.toml'));
    expect(logins).toContain('io.containerd.cri.v1.images');
    expect(await pullByContainerd(hostsOf(placed), logins, node)).toMatch(/authoriz|401/);
    expect(await pullByContainerd(hostsOf(placed), asVersion2(logins), node)).toBe(null);
  });
});

/** Manifests that a registry handed out. */
function served(registry: Registry) {
  return registry
    .accessLog()
    .filter(({ path, status }) => path.includes('/manifests/') && status === 200);
}

function portOf(registry: Registry): string {
  return registry.address.split(':')[1] ?? '';
}

function textOf(files: readonly NodeFile[], ending: string): string {
  return files.find(({ path }) => path.endsWith(ending))?.content ?? '';
}

function hostsOf(files: readonly NodeFile[]): Readonly<Record<string, string>> {
  const entries = files.flatMap(({ path, content }) => {
    const name = /\/certs\.d\/([^/]+)\/hosts\.toml$/.exec(path)?.[1];
    return name === undefined ? [] : [[name, content] as const];
  });
  return Object.fromEntries(entries);
}

/** The tables of logins alone, to stand in a config.toml that has the rest. */
function withoutHead(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^(#|version =|\s*config_path =)|\.registry\]$/.test(line))
    .join('\n');
}

/** Logins for containerd before 2.0: the same tables, under the name that version 2 has for them. */
function asVersion2(text: string): string {
  const plugin = /(["'])io\.containerd\.cri\.v1\.images\1/g;
  return withoutHead(text).replaceAll(plugin, '"io.containerd.grpc.v1.cri"');
}
