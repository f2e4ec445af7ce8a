/**
 * Renders an environment's mirrors for stock containerd: one `certs.d/<host>_<port>_/hosts.toml` per
 * registry, which containerd reads on every pull, and the logins for its `config.toml`, which it reads
 * when it starts.
 *
 * Sources: containerd `docs/hosts.md`, `core/remotes/docker/config/hosts.go`.
 *
 * Does not handle: rewrites and switching the default endpoint off; stock containerd has neither.
 * Logins in the form of containerd 1.7 (`config.toml` version 2).
 */

import { shown } from '../finding-parameters.js';
import type { SecretText } from '../secret-text.js';
import { type NodeEndpoint, originOf, parseNodeEndpoint } from './endpoint.js';
import { nodeFinding, ruleLeftOut } from './finding.js';
import { buildMirrorEntries, type MirrorEntry } from './mirror-entries.js';
import {
  maskedSecret,
  type NodeConfig,
  type NodeConfigModel,
  type NodeConfigOptions,
  type NodeConfigRegistry,
  type NodeFile,
} from './model.js';
import { buildRegistryEntries, type RegistryEntry } from './registry-entries.js';
import { buildTlsFiles, type TlsEntry, tlsEntryOf } from './tls-files.js';
import { quoteToml } from './toml-text.js';
import { findModelTraps } from './traps.js';

const root = '/etc/containerd';
const tlsDirectory = `${root}/tls`;

export function buildContainerdHosts(
  model: NodeConfigModel,
  options: Pick<NodeConfigOptions, 'secrets'>,
): NodeConfig {
  const reveal = (secret: SecretText): string =>
    options.secrets === 'included' ? secret.reveal() : maskedSecret;
  const mirrors = buildMirrorEntries(model);
  const target = { distribution: 'k3s', tlsDirectory } as const;
  const registries = buildRegistryEntries(model, mirrors.entries, target);
  const own = model.registries.filter(
    ({ address, scheme, tls }) =>
      !registries.mirrors.some((mirror) => mirror.registry === address) &&
      (scheme === 'http' || tlsEntryOf({ ...bare, address, scheme, tls }, tlsDirectory) !== null),
  );
  const plain = own.map(({ address }) => ({ registry: address, endpoints: [], rewrites: [] }));
  const hosts = [...registries.mirrors, ...plain].map((mirror) => hostsFile(mirror, model));
  const logins = loginFile(registries.entries, reveal);
  return {
    files: [...hosts.toSorted(byPath), ...logins, ...buildTlsFiles(registries.entries, reveal)],
    notExpressible: [
      ...mirrors.notExpressible,
      ...registries.notExpressible,
      ...mirrors.entries.flatMap(({ registry, rewrites }) =>
        rewrites.map((rule) =>
          ruleLeftOut(
            registry,
            rule,
            'containerd',
            `stock containerd has no rewrites (${shown(rule.pattern)} → ${shown(rule.replacement)}).`,
          ),
        ),
      ),
    ],
    restart: logins.length > 0 ? 'containerd' : 'live',
    diagnostics: [
      ...mirrors.diagnostics,
      ...registries.diagnostics.filter(({ code }) => code !== 'node-config.http-endpoint-added'),
      ...findModelTraps(model, registries.mirrors),
      ...(logins.length > 0 ? [loginsNeedContainerd2] : []),
    ],
  };
}

// Version 3 of config.toml came with 2.0. A file of version 2 would not do for older releases: what
// is imported there replaces the whole section of the CRI plugin (`mergeConfig`).
const loginsNeedContainerd2 = nodeFinding(
  'info',
  'node-config.logins-need-containerd-2',
  'registries',
  {
    message:
      'The file with the logins is for containerd 2.0 and later: 1.6 ignores it, 1.7 does not start with it.',
    suggestion:
      'On containerd 1.x, copy the logins into config.toml, under plugins."io.containerd.grpc.v1.cri".registry.',
  },
);

const bare: NodeConfigRegistry = {
  id: '',
  address: '',
  deliver: 'both',
  scheme: 'https',
  tls: { insecureSkipVerify: false },
  credential: null,
  scopedCredentials: [],
};

function hostsFile(mirror: MirrorEntry, model: NodeConfigModel): NodeFile {
  const { registry } = mirror;
  const self = model.registries.find(({ address }) => address === registry);
  const host = registry === 'docker.io' ? 'registry-1.docker.io' : registry;
  const origin = originOf({ scheme: self?.scheme ?? 'https', host });
  // The registry itself is the server, not one of the hosts before it.
  const endpoints = mirror.endpoints
    .map(parseNodeEndpoint)
    .filter((endpoint) => endpoint !== null)
    .filter((endpoint) => originOf(endpoint) !== origin || !isPlainPath(endpoint.path));
  const lines = [
    '# Written by Moorage. containerd reads this file on every pull.',
    ...(registry === '*' ? [] : [`server = ${quoteToml(`${self?.scheme ?? 'https'}://${host}`)}`]),
    ...tlsLines(self?.scheme === 'https' ? tlsEntryOf(self, tlsDirectory) : null, ''),
    // Without any host some releases refuse the file ("invalid `host` tree").
    ...(endpoints.length === 0 ? ['', '[host]'] : []),
    ...endpoints.flatMap((endpoint) => ['', ...endpointLines(endpoint, model)]),
  ];
  const path = `${root}/certs.d/${directoryOf(registry)}/hosts.toml`;
  return { path, mode: '0644', content: `${lines.join('\n')}\n` };
}

function endpointLines(endpoint: NodeEndpoint, model: NodeConfigModel): readonly string[] {
  const owner = model.registries.find(({ address, scheme }) => {
    const host = address === 'docker.io' ? 'registry-1.docker.io' : address;
    return originOf({ scheme, host }) === originOf(endpoint);
  });
  const url = `${endpoint.scheme}://${endpoint.host}${isPlainPath(endpoint.path) ? '' : endpoint.path}`;
  return [
    `[host.${quoteToml(url)}]`,
    '  capabilities = ["pull", "resolve"]',
    ...(isPlainPath(endpoint.path) ? [] : ['  override_path = true']),
    ...tlsLines(owner?.scheme === 'https' ? tlsEntryOf(owner, tlsDirectory) : null, '  '),
  ];
}

function tlsLines(tls: TlsEntry | null, indent: string): readonly string[] {
  return [
    ...(tls?.caPath ? [`${indent}ca = ${quoteToml(tls.caPath)}`] : []),
    ...(tls?.certPath && tls.keyPath
      ? [`${indent}client = [[${quoteToml(tls.certPath)}, ${quoteToml(tls.keyPath)}]]`]
      : []),
    ...(tls?.insecureSkipVerify ? [`${indent}skip_verify = true`] : []),
  ];
}

function loginFile(
  entries: readonly RegistryEntry[],
  reveal: (secret: SecretText) => string,
): readonly NodeFile[] {
  const plugin = 'plugins."io.containerd.cri.v1.images".registry';
  const tables = entries.flatMap(({ key, credential }) =>
    credential === null
      ? []
      : [
          [
            `[${plugin}.configs.${quoteToml(key)}.auth]`,
            `  username = ${quoteToml(credential.username)}`,
            `  password = ${quoteToml(reveal(credential.password))}`,
          ].join('\n'),
        ],
  );
  if (tables.length === 0) {
    return [];
  }
  const path = `${root}/moorage-registries.toml`;
  const head = [
    '# Written by Moorage. Takes effect when containerd is restarted.',
    `# containerd 2.0 on: needs imports = [${quoteToml(path)}] in ${root}/config.toml.`,
    '# containerd 1.6 ignores it and 1.7 does not start with it: copy the tables of the logins into',
    '# config.toml there, each under plugins."io.containerd.grpc.v1.cri".registry.',
    'version = 3',
    '',
    `[${plugin}]`,
    `  config_path = ${quoteToml(`${root}/certs.d`)}`,
  ].join('\n');
  return [{ path, mode: '0600', content: `${[head, ...tables].join('\n\n')}\n` }];
}

function directoryOf(registry: string): string {
  const colon = registry.lastIndexOf(':');
  const isPort = colon > 0 && !registry.endsWith(']');
  return registry === '*'
    ? '_default'
    : isPort
      ? `${registry.slice(0, colon)}_${registry.slice(colon + 1)}_`
      : registry;
}

function isPlainPath(path: string): boolean {
  return path === '' || path === '/' || path === '/v2';
}

function byPath(a: NodeFile, b: NodeFile): number {
  return a.path < b.path ? -1 : 1;
}
