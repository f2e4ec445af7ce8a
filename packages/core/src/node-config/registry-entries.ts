/**
 * Turns registries into `configs` entries, and adds the `mirrors` entries that a registry needs to
 * be reached as configured: one for a registry that speaks http, and a copy of the `*` mirror for a
 * registry whose login would otherwise shield it from that mirror.
 *
 * Why the copy: K3s writes a certs.d directory for every `configs` key, and containerd uses
 * `_default` only for registries without a directory of their own (K3s `pkg/agent/containerd/config.go`).
 *
 * Does not handle: a login for part of a registry; nodes know one login per host.
 */
import { canonicalRegistry } from '../docker-hub.js';
import { isPlainLoopback, originOf, parseNodeEndpoint } from './endpoint.js';
import { leftOut, nodeFinding, scopedCredentialLeftOut } from './finding.js';
import { type MirrorEntry, sortEntries } from './mirror-entries.js';
import type {
  NodeConfigCredential,
  NodeConfigDiagnostic,
  NodeConfigModel,
  NodeConfigRegistry,
  NodeDistribution,
  NotExpressible,
} from './model.js';
import { type TlsEntry, tlsEntryOf } from './tls-files.js';

export interface RegistryEntry {
  /** The `configs` key: an endpoint's `host[:port]`. */
  readonly key: string;
  readonly credential: NodeConfigCredential | null;
  readonly tls: TlsEntry | null;
}

export interface RegistryEntries {
  readonly entries: readonly RegistryEntry[];
  readonly mirrors: readonly MirrorEntry[];
  readonly notExpressible: readonly NotExpressible[];
  readonly diagnostics: readonly NodeConfigDiagnostic[];
}

export interface RegistryTarget {
  readonly distribution: NodeDistribution;
  /** Where certificate files are put on the node. */
  readonly tlsDirectory: string;
}

const dockerHubHost = 'registry-1.docker.io';

export function buildRegistryEntries(
  model: NodeConfigModel,
  mirrors: readonly MirrorEntry[],
  target: RegistryTarget,
): RegistryEntries {
  const diagnostics: NodeConfigDiagnostic[] = [];
  const notExpressible: NotExpressible[] = [];
  const entries = new Map<string, RegistryEntry>();
  const written = new Map(mirrors.map((mirror) => [mirror.registry, mirror]));
  const registries = model.registries.toSorted((a, b) => (a.address < b.address ? -1 : 1));
  const addresses = new Set(registries.map((registry) => registry.address));
  for (const registry of registries) {
    notExpressible.push(...inexpressible(registry));
    diagnostics.push(...problemsOf(registry));
    const credential = nodeCredential(registry);
    const tls = registry.scheme === 'http' ? null : tlsEntryOf(registry, target.tlsDirectory);
    const keys = credential || tls ? keysOf(registry, target.distribution, tls !== null) : [];
    const aliases = keys.length > 0 ? aliasesOf(registry, mirrors, addresses) : [];
    for (const key of [...keys, ...aliases]) {
      entries.set(key, { key, credential, tls });
    }
    const mirror = requiredMirror(registry, keys, written);
    if (mirror) {
      written.set(mirror.registry, mirror);
      diagnostics.push(mirrorAdded(registry));
    }
  }
  return {
    entries: [...entries.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1)),
    mirrors: sortEntries([...written.values()]),
    notExpressible,
    diagnostics,
  };
}

function nodeCredential(registry: NodeConfigRegistry): NodeConfigCredential | null {
  const { credential, deliver } = registry;
  if (credential === null || deliver === 'pull-secret' || hasUnsafeText(credential)) {
    return null;
  }
  return credential;
}

// K3s writes logins into containerd's config.toml with Go's %q, whose \a, \v and \xNN are no TOML:
// one such character in a password and containerd does not start on that node.
const breaksConfigToml = /[^\P{Cc}\b\t\n\f\r\u0080-\u009f]/u;

function hasUnsafeText(credential: NodeConfigCredential): boolean {
  const password = credential.password.reveal();
  return [credential.username, password].some(
    (text) => breaksConfigToml.test(text) || !text.isWellFormed(),
  );
}

function inexpressible(registry: NodeConfigRegistry): readonly NotExpressible[] {
  if (registry.deliver === 'pull-secret') {
    return [];
  }
  const { address } = registry;
  const scoped = registry.scopedCredentials.map(({ scope }) =>
    scopedCredentialLeftOut(address, scope),
  );
  const unsafe = registry.credential !== null && hasUnsafeText(registry.credential);
  return unsafe
    ? [
        ...scoped,
        leftOut('node-config.unsafe-credential', {
          detail: `The credential of ${address} has a control character in its user name or password; written to a node it would keep containerd from starting.`,
          parameters: { registry: address },
        }),
      ]
    : scoped;
}

// `registry-1.docker.io` is the host that containerd asks and works in every release. RKE2's
// bootstrap pull looks for `docker.io` instead; so does the TLS of a directory named docker.io.
function keysOf(
  registry: NodeConfigRegistry,
  distribution: NodeDistribution,
  hasTls: boolean,
): readonly string[] {
  if (registry.address !== 'docker.io') {
    return [registry.address];
  }
  return distribution === 'rke2' || hasTls ? ['docker.io', dockerHubHost] : [dockerHubHost];
}

// A configs key matches an endpoint's host letter by letter, so `reg` and `reg:443` need one each.
function aliasesOf(
  registry: NodeConfigRegistry,
  mirrors: readonly MirrorEntry[],
  addresses: ReadonlySet<string>,
): readonly string[] {
  const host = registry.address === 'docker.io' ? dockerHubHost : registry.address;
  const origin = originOf({ scheme: registry.scheme, host });
  const hosts = endpointsOf(mirrors)
    .filter((endpoint) => originOf(endpoint) === origin)
    .map((endpoint) => endpoint.host);
  return [...new Set(hosts)].filter((alias) => !addresses.has(canonicalRegistry(alias)));
}

function endpointsOf(mirrors: readonly MirrorEntry[]) {
  return mirrors
    .flatMap((mirror) => mirror.endpoints)
    .map(parseNodeEndpoint)
    .filter((endpoint) => endpoint !== null);
}

function requiredMirror(
  registry: NodeConfigRegistry,
  keys: readonly string[],
  written: ReadonlyMap<string, MirrorEntry>,
): MirrorEntry | null {
  const { address } = registry;
  const own = written.get(address);
  const wildcard = written.get('*');
  const isWildcardHost = endpointsOf(wildcard ? [wildcard] : []).some(
    (endpoint) =>
      endpoint.host === address || originOf(endpoint) === originOf({ ...registry, host: address }),
  );
  const inherited = own ?? (isWildcardHost ? undefined : wildcard);
  const base = { ...(inherited ?? { endpoints: [], rewrites: [] }), registry: address };
  const plain = `http://${address}`;
  if (needsHttpEndpoint(registry)) {
    const listed = endpointsOf([base]).some(
      (e) => originOf(e) === originOf({ ...registry, host: address }),
    );
    return listed ? null : { ...base, endpoints: [...base.endpoints, plain] };
  }
  const isShielded = own === undefined && keys.includes(address);
  return isShielded && inherited !== undefined ? base : null;
}

// containerd takes http for loopback addresses by itself.
function needsHttpEndpoint({ scheme, address }: NodeConfigRegistry): boolean {
  return scheme === 'http' && !isPlainLoopback(address);
}

function mirrorAdded(registry: NodeConfigRegistry): NodeConfigDiagnostic {
  const { address } = registry;
  const path = `registries.${address}`;
  const parameters = { registry: address };
  return needsHttpEndpoint(registry)
    ? nodeFinding('info', 'node-config.http-endpoint-added', path, {
        parameters,
        message: `Nodes reach ${address} by http through an endpoint of its own; after it they still try https://${address}.`,
      })
    : nodeFinding('info', 'node-config.wildcard-copied', path, {
        parameters,
        message: `The settings of ${address} would shield it from the mirror for every registry, so that mirror is repeated for it.`,
      });
}

function problemsOf(registry: NodeConfigRegistry): readonly NodeConfigDiagnostic[] {
  const { tls, address } = registry;
  const path = `registries.${address}`;
  const hasTls = Boolean(tls.caCertificate || tls.clientCertificate || tls.insecureSkipVerify);
  const problems: NodeConfigDiagnostic[] = [];
  if (registry.scheme === 'http' && hasTls) {
    problems.push(
      nodeFinding('warning', 'node-config.http-with-tls', path, {
        parameters: { registry: address },
        message: `The TLS settings of ${address} are left out: with them nodes would try https first at an http endpoint.`,
        suggestion: 'Remove the TLS settings, or set the scheme to https.',
      }),
    );
  }
  if (Boolean(tls.clientCertificate) !== Boolean(tls.clientKey)) {
    problems.push(
      nodeFinding('error', 'node-config.client-key-missing', path, {
        parameters: { registry: address },
        message: `The client certificate of ${address} is left out: certificate and key are needed together.`,
        suggestion: 'Give both the certificate and its key.',
      }),
    );
  }
  return problems;
}
