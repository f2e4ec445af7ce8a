/**
 * From the data of the Secret to the files of one node, checked before any of them is written: a
 * `registries.yaml` that nodes refuse or partly ignore, a `hosts.toml` that containerd cannot read
 * (all its mirrors would silently vanish), a certificate that is none, or a file that another one
 * points to and that is not there, refuse the whole config. What is on the node then stays.
 *
 * K3s and RKE2 get `registries.yaml`, and the `hosts.toml` that they would make of it at their next
 * start, so that mirrors and certificates apply at once and nothing changes when they do start.
 * Plain containerd gets the same hosts for its own folders, and the logins as a part of
 * `config.toml` (version 3, containerd 2.0 and later).
 *
 * Does not handle: whether the registries can be reached; whether a certificate is still valid.
 */
import type { NodeDistribution } from '../node-config/model.js';
import { checkRegistriesYaml, hostOptionsOf } from '../registries-yaml/check.js';
import { loadRegistriesYaml } from '../registries-yaml/load.js';
import { Err, Ok, type Result } from '../result.js';
import type { AgentDistribution } from './agent-place.js';
import { buildContainerdFiles } from './containerd-files.js';
import { type DesiredFile, type Refusal, refuse } from './desired-file.js';
import { findFault } from './node-file-faults.js';
import { parseNodeFileKey, registriesKey } from './node-files-secret.js';
import { nodePathsOf } from './node-paths.js';
import { renderHosts } from './rendered-hosts.js';

export interface ArrangeOptions {
  readonly distribution: AgentDistribution;
  /** For which distribution the files of the Secret were made; null when it does not say. */
  readonly madeFor: NodeDistribution | null;
  /** The node runs with `--disable-default-registry-endpoint`. */
  readonly disableDefaultEndpoint: boolean;
  /** `host:port` of the embedded registry on the node; null without one. */
  readonly embeddedRegistry: string | null;
}

/** What the node shall have, in the order in which it is written; nothing when `data` has nothing. */
export function arrangeNodeFiles(
  data: Readonly<Record<string, string>>,
  options: ArrangeOptions,
): Result<readonly DesiredFile[], Refusal> {
  const keys = Object.keys(data).filter((key) => parseNodeFileKey(key) !== null);
  const document = data[registriesKey];
  if (keys.length === 0) return Ok([]);
  if (document === undefined) {
    return Err(refuse('config.incomplete', `The Secret has files, but no ${registriesKey}.`));
  }
  const { distribution, madeFor } = options;
  if (distribution !== 'containerd' && madeFor !== null && madeFor !== distribution) {
    return Err(
      refuse(
        'config.other-distribution',
        `The config is made for ${madeFor}, this agent runs on ${distribution}: set the target's distribution, or apply the agent's manifest for ${madeFor}.`,
      ),
    );
  }
  const refusal = checkDocument(document, options);
  if (refusal !== null) return Err(refusal);
  const files = filesOf(data, document, options);
  const fault = findFault(files, nodePathsOf(distribution).tlsDirectory);
  return fault === null ? Ok(files) : Err(fault);
}

/** How registries.yaml is read: plain containerd has no reader of its own for it. */
function readerOf({ distribution, disableDefaultEndpoint, embeddedRegistry }: ArrangeOptions) {
  return {
    distribution: distribution === 'containerd' ? ('k3s' as const) : distribution,
    disableDefaultEndpoint,
    embeddedRegistry: embeddedRegistry ?? undefined,
  };
}

function checkDocument(document: string, options: ArrangeOptions): Refusal | null {
  const report = checkRegistriesYaml({ document, ...readerOf(options) });
  const [first] = report.diagnostics.filter(({ severity }) => severity === 'error');
  if (report.valid || first === undefined) return null;
  const { line, column, code, message } = first;
  return refuse(
    'config.refused',
    `${registriesKey}, line ${line}, column ${column}: ${message} (${code})`,
  );
}

function filesOf(
  data: Readonly<Record<string, string>>,
  document: string,
  options: ArrangeOptions,
): readonly DesiredFile[] {
  const { distribution } = options;
  const { file } = loadRegistriesYaml(document);
  const tls = tlsFiles(data, distribution);
  if (distribution === 'containerd') return [...tls, ...buildContainerdFiles(file)];
  const paths = nodePathsOf(distribution);
  const isPlain = !options.disableDefaultEndpoint && options.embeddedRegistry === null;
  const hosts = isPlain
    ? deliveredHosts(data)
    : renderHosts(file, hostOptionsOf(readerOf(options)));
  return [
    ...tls,
    ...hosts.map(([directory, content]): DesiredFile => {
      const path = `${paths.certsDirectory}/${directory}/hosts.toml`;
      return { kind: 'hosts', path, mode: '0644', content };
    }),
    { kind: 'logins', path: paths.loginsFile, mode: '0600', content: document },
  ];
}

function tlsFiles(
  data: Readonly<Record<string, string>>,
  distribution: AgentDistribution,
): readonly DesiredFile[] {
  const { tlsDirectory } = nodePathsOf(distribution);
  return Object.entries(data).flatMap(([key, content]): DesiredFile[] => {
    const parsed = parseNodeFileKey(key);
    if (parsed?.kind !== 'tls') return [];
    const mode = parsed.name.endsWith('.key') ? '0600' : '0644';
    return [{ kind: 'tls', path: `${tlsDirectory}/${parsed.name}`, mode, content }];
  });
}

function deliveredHosts(
  data: Readonly<Record<string, string>>,
): readonly (readonly [string, string])[] {
  return Object.entries(data).flatMap(([key, content]) => {
    const parsed = parseNodeFileKey(key);
    return parsed?.kind === 'hosts' ? [[parsed.directory, content] as const] : [];
  });
}
