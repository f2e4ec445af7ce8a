/**
 * Engine A: what K3s and RKE2 make of a `registries.yaml` for containerd: one certs.d directory per
 * registry, each with endpoints in order and a default endpoint.
 *
 * Source: K3s `pkg/agent/containerd/config.go` `getHostConfigs`, `pkg/spegel/registry.go`
 * `InjectMirror`.
 *
 * Does not handle: RKE2's bootstrap pull (engine B, `bootstrap-endpoints.ts`). The two read one file
 * by different rules and are kept apart on purpose.
 */

import type { RewriteRule } from '../rewrite.js';
import { compareCodePoints } from './code-points.js';
import { type EndpointAddress, isLocalhost, normalizeEndpoint } from './endpoint-address.js';
import type {
  AuthSpec,
  ConfigSpec,
  MirrorSpec,
  RegistriesFile,
  TlsSpec,
} from './registries-file.js';
import type { UrlProblem } from './url-problem.js';

export interface HostEndpoint {
  /** Empty for the registry itself, whatever it is; null when only settings are known. */
  readonly url: string | null;
  readonly overridePath: boolean;
  /** Sorted by pattern, as they are printed. */
  readonly rewrites: readonly RewriteRule[];
  readonly tls: Omit<TlsSpec, 'at'> | null;
  readonly auth: Omit<AuthSpec, 'at'> | null;
}

export interface HostConfig {
  readonly default: HostEndpoint | null;
  readonly endpoints: readonly HostEndpoint[];
}

export interface HostNote {
  readonly registry: string;
  /** Index into the mirror's written endpoints; null for the registry's own name. */
  readonly endpoint: number | null;
  /** Why it cannot be read; null for an endpoint that repeats an earlier one. */
  readonly problem: UrlProblem | null;
}

export interface HostOptions {
  readonly distribution: 'k3s' | 'rke2';
  readonly disableDefaultEndpoint: boolean;
  /** `host:port` of the embedded registry on this node; null when it is off. */
  readonly embeddedRegistry: string | null;
}

export interface HostConfigs {
  /** By certs.d directory; the wildcard is `_default`. */
  readonly hosts: ReadonlyMap<string, HostConfig>;
  /** What K3s logs and otherwise passes over. */
  readonly notes: readonly HostNote[];
}

type Settings = Pick<HostEndpoint, 'tls' | 'auth'>;

export function buildHostConfigs(file: RegistriesFile, options: HostOptions): HostConfigs {
  const { mirrors, configs } = injectEmbeddedRegistry(file, options);
  const notes: HostNote[] = [];
  const hosts = new Map<string, HostConfig>();
  for (const [name, config] of configs) {
    const created = defaultHost(name, config, options, notes);
    if (created !== null) {
      hosts.set(name === '*' ? '_default' : name, created);
    }
  }
  for (const [name, mirror] of mirrors) {
    // For `*` this looks under `*` while the loop above stored `_default`: the mirror entry
    // replaces the wildcard's settings. Upstream does the same.
    const base = hosts.get(name) ?? mirroredHost(name, configs, options, notes);
    if (base !== null) {
      const host = addEndpoints(base, name, mirror, configs, options, notes);
      hosts.set(name === '*' ? '_default' : name, host);
    }
  }
  const kept = [...hosts].filter(
    ([, host]) => host.endpoints.length > 0 || hasSettings(host.default),
  );
  return { hosts: new Map(kept), notes };
}

function defaultHost(
  name: string,
  settings: Settings,
  options: HostOptions,
  notes: HostNote[],
): HostConfig | null {
  const address = normalizeEndpoint(name, options.embeddedRegistry);
  if (!address.ok) {
    notes.push({ registry: name, endpoint: null, problem: address.error });
    return null;
  }
  const url = name === '*' ? null : address.value.url;
  return { default: plainEndpoint(url, settings), endpoints: [] };
}

function mirroredHost(
  name: string,
  configs: ReadonlyMap<string, ConfigSpec>,
  options: HostOptions,
  notes: HostNote[],
): HostConfig | null {
  const created = defaultHost(name, configForHost(configs, name), options, notes);
  if (created === null || options.disableDefaultEndpoint) {
    return created && { ...created, default: null };
  }
  return name === '*' ? { ...created, default: plainEndpoint('', noSettings) } : created;
}

function addEndpoints(
  base: HostConfig,
  name: string,
  mirror: MirrorSpec,
  configs: ReadonlyMap<string, ConfigSpec>,
  options: HostOptions,
  notes: HostNote[],
): HostConfig {
  const seen = new Set<string>();
  const endpoints: HostEndpoint[] = [...base.endpoints];
  let fallback = base.default;
  mirror.endpoints.forEach(({ text }, index) => {
    const address = normalizeEndpoint(text, options.embeddedRegistry);
    if (!address.ok) {
      notes.push({ registry: name, endpoint: index, problem: address.error });
      return;
    }
    if (seen.has(address.value.url)) {
      notes.push({ registry: name, endpoint: index, problem: null });
      return;
    }
    seen.add(address.value.url);
    const endpoint = mirrorEndpoint(address.value, mirror, configs, options);
    // The default endpoint, listed last, is the default and not a further endpoint.
    const isLast = index === mirror.endpoints.length - 1;
    if (isLast && (fallback?.url ?? '') === endpoint.url) {
      fallback = endpoint;
    } else {
      endpoints.push(endpoint);
    }
  });
  return { default: fallback, endpoints };
}

function mirrorEndpoint(
  address: EndpointAddress,
  mirror: MirrorSpec,
  configs: ReadonlyMap<string, ConfigSpec>,
  options: HostOptions,
): HostEndpoint {
  const isEmbedded = address.parsed.host === options.embeddedRegistry;
  return {
    url: address.url,
    overridePath: address.overridePath,
    rewrites: isEmbedded ? [] : sortRules(mirror.rewrites),
    ...settingsOf(configForHost(configs, address.registry)),
  };
}

const noSettings: Settings = { tls: null, auth: null };

function settingsOf({ tls, auth }: Settings): Settings {
  return { tls, auth };
}

function plainEndpoint(url: string | null, settings: Settings): HostEndpoint {
  return { url, overridePath: false, rewrites: [], ...settingsOf(settings) };
}

// For Docker Hub the host that is really asked comes before the registry's name.
function configForHost(configs: ReadonlyMap<string, ConfigSpec>, registry: string): Settings {
  const byHost = registry === 'docker.io' ? configs.get('registry-1.docker.io') : undefined;
  return byHost ?? configs.get(registry) ?? noSettings;
}

function hasSettings(endpoint: HostEndpoint | null): boolean {
  return (
    endpoint !== null &&
    (endpoint.overridePath ||
      endpoint.auth !== null ||
      endpoint.tls !== null ||
      endpoint.rewrites.length > 0)
  );
}

function sortRules(rules: readonly RewriteRule[]): readonly RewriteRule[] {
  return rules
    .map(({ pattern, replacement }) => ({ pattern, replacement }))
    .toSorted((a, b) => compareCodePoints(a.pattern, b.pattern));
}

/** Adds what K3s adds to the loaded file when the embedded registry is on. */
export function injectEmbeddedRegistry(file: RegistriesFile, options: HostOptions): RegistriesFile {
  const address = options.embeddedRegistry;
  if (address === null) {
    return file;
  }
  const at = { line: 1, column: 1 };
  const own = { text: `https://${address}/v2`, at };
  const agent = `/var/lib/rancher/${options.distribution}/agent`;
  const controller = `${agent}/client-${options.distribution}-controller`;
  const tls: TlsSpec = {
    at,
    caFile: `${agent}/server-ca.crt`,
    certFile: `${controller}.crt`,
    keyFile: `${controller}.key`,
    insecureSkipVerify: false,
  };
  const mirrors = [...file.mirrors].map(([name, mirror]): [string, MirrorSpec] => [
    name,
    isLocalhost(name) ? mirror : { ...mirror, endpoints: [own, ...mirror.endpoints] },
  ]);
  return {
    mirrors: new Map([...mirrors, [address, { at, endpoints: [own], rewrites: [] }]]),
    configs: new Map([...file.configs, [address, { at, auth: null, tls }]]),
  };
}
