/**
 * Engine B: how RKE2 itself reads `registries.yaml` when it pulls `rancher/rke2-runtime` before
 * containerd exists. It shares the file with containerd and little else: other keys for Docker Hub,
 * the default endpoint always appended, duplicates kept, wildcard settings applied to every host.
 *
 * Source: wharfie `pkg/registries/registries.go`, `pkg/registries/endpoint.go`.
 *
 * Does not handle: the kubelet credential plugins and root's `config.json`, which stand behind an
 * endpoint without a login.
 */
import { Err, Ok, type Result } from '../result.js';
import type { RewriteRule } from '../rewrite.js';
import { isLocalhost } from './endpoint-address.js';
import { formatGoUrl, type GoUrl, parseGoUrl, portOf, withDecodedPath } from './go-url.js';
import type { AuthSpec, ConfigSpec, RegistriesFile, TlsSpec } from './registries-file.js';
import type { UrlProblem } from './url-problem.js';

export const bootstrapDockerHub = 'index.docker.io';

export interface BootstrapEndpoint {
  readonly url: string;
  readonly parsed: GoUrl;
  /** An endpoint on the registry's own host: rewrites do not apply. */
  readonly isDefault: boolean;
  readonly auth: AuthSpec | null;
  /** The `configs` key that gave the login, or null. */
  readonly configKey: string | null;
  readonly tls: TlsSpec | null;
}

export interface BootstrapPlan {
  readonly endpoints: readonly BootstrapEndpoint[];
  readonly rewrites: readonly RewriteRule[];
  /** The `mirrors` key that was used, or null. */
  readonly mirrorKey: string | null;
  /** Endpoint texts that were passed over, with the reason. */
  readonly skipped: readonly { readonly text: string; readonly reason: UrlProblem }[];
}

/** The endpoints for a registry as go-containerregistry names it (`index.docker.io` for the Hub). */
export function planBootstrapEndpoints(file: RegistriesFile, registry: string): BootstrapPlan {
  const found = findMirror(file, registry);
  const skipped: { text: string; reason: UrlProblem }[] = [];
  const endpoints: BootstrapEndpoint[] = [];
  for (const { text } of found?.mirror.endpoints ?? []) {
    const parsed = normalizeBootstrapEndpoint(text);
    if (parsed.ok) {
      endpoints.push(buildEndpoint(file, registry, parsed.value));
    } else {
      skipped.push({ text, reason: parsed.error });
    }
  }
  const own = normalizeBootstrapEndpoint(registry);
  if (own.ok) {
    endpoints.push(buildEndpoint(file, registry, own.value));
  }
  return {
    endpoints,
    rewrites: findRewrites(file, registry),
    mirrorKey: found?.key ?? null,
    skipped,
  };
}

/** Unlike containerd's reading, a host is required and the path is cleaned. */
export function normalizeBootstrapEndpoint(written: string): Result<GoUrl, UrlProblem> {
  const parsed = parseGoUrl(written.includes('://') ? written : `//${written}`);
  if (!parsed.ok) {
    return parsed;
  }
  const { host, path } = parsed.value;
  if (host === '') {
    return Err('hostless');
  }
  const port = portOf(host);
  const isPlain = isLocalhost(host) && port !== '' && port !== '443';
  const scheme = parsed.value.scheme || (isPlain ? 'http' : 'https');
  const cleaned = ['', '/', '/v2'].includes(path) ? '/v2' : cleanPath(path);
  return Ok({ ...withDecodedPath(parsed.value, cleaned), scheme });
}

/** Go's `path.Clean` for a rooted path. */
export function cleanPath(path: string): string {
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') {
      kept.pop();
    } else if (part !== '' && part !== '.') {
      kept.push(part);
    }
  }
  return `/${kept.join('/')}`;
}

function findMirror(file: RegistriesFile, registry: string) {
  const withPorts = hasPort(registry) ? [] : [`${registry}:443`, `${registry}:80`];
  const aliases = registry === bootstrapDockerHub ? ['docker.io'] : withPorts;
  for (const key of [registry, ...aliases, '*']) {
    const mirror = file.mirrors.get(key);
    if (mirror !== undefined) {
      return { key, mirror };
    }
  }
  return null;
}

// Go's SplitHostPort: one colon, or brackets with one behind them.
function hasPort(registry: string): boolean {
  return /^(?:\[[^[\]]*\]|[^:[\]]*):[^:[\]]*$/.test(registry);
}

// Not the keys with a port: a mirror found by one of them gives its endpoints and not its rewrites.
function findRewrites(file: RegistriesFile, registry: string): readonly RewriteRule[] {
  const aliases = registry === bootstrapDockerHub ? ['docker.io'] : [];
  const key = [registry, ...aliases, '*'].find((name) => file.mirrors.has(name));
  return key === undefined ? [] : (file.mirrors.get(key)?.rewrites ?? []);
}

// The first key found ends the search, even when its entry has no login or no TLS settings.
function findConfig(file: RegistriesFile, host: string): [string, ConfigSpec] | null {
  const aliases = host === bootstrapDockerHub ? ['docker.io'] : [];
  for (const key of [host, ...aliases, '*']) {
    const config = file.configs.get(key);
    if (config !== undefined) {
      return [key, config];
    }
  }
  return null;
}

function buildEndpoint(file: RegistriesFile, registry: string, parsed: GoUrl): BootstrapEndpoint {
  const found = findConfig(file, parsed.host);
  const tls = found?.[1].tls ?? null;
  // A certificate without its key makes the whole TLS block fail: it is logged, plain TLS is used.
  const isBroken = tls !== null && (tls.certFile === '') !== (tls.keyFile === '');
  return {
    url: formatGoUrl(parsed),
    parsed,
    isDefault: namespaceOf(registry) === namespaceOf(parsed.host),
    auth: found?.[1].auth ?? null,
    configKey: found?.[1].auth ? found[0] : null,
    tls: isBroken ? null : tls,
  };
}

/** `index.docker.io` counts as `docker.io`; every other host is itself. */
export function namespaceOf(host: string): string {
  return host === bootstrapDockerHub ? 'docker.io' : host;
}
