/**
 * The attempts of containerd (K3s' fork or stock) for one image: directory, hosts in file order, the
 * root host last, one first request each.
 *
 * Sources: containerd `core/remotes/docker/config/hosts.go` (`ConfigureHosts`, `hostPaths`),
 * `core/remotes/docker/resolver.go` (`Resolve`, `addNamespace`); K3s' fork for rewrites, derived
 * from its source.
 *
 * Does not handle: the retry of a digest under `/blobs/`, and what follows the first request. A host
 * that is listed twice is asked a second time with the login it wanted the first time, and if it
 * refused a token, only for a token. containerd 1.6 has no https attempt before an http endpoint
 * with TLS settings (`NewHTTPFallback` came with 1.7).
 */
import { visibleText } from '../finding-parameters.js';
import { effectiveTag, type ImageReference } from '../image-reference.js';
import { cleanPath } from '../registries-yaml/bootstrap-endpoints.js';
import { isLocalhost } from '../registries-yaml/endpoint-address.js';
import { portOf } from '../registries-yaml/go-url.js';
import { buildHostConfigs, type HostOptions } from '../registries-yaml/hosts.js';
import { formatHostsToml } from '../registries-yaml/hosts-toml.js';
import type { RegistriesFile } from '../registries-yaml/registries-file.js';
import { chooseRewrite } from '../rewrite.js';
import {
  type ContainerdFlavour,
  type HostEntry,
  implicitHosts,
  readHostsFile,
} from './hosts-file.js';
import { nodeCredential } from './pull-credentials.js';
import type { AttemptCredential, PullAttempt, PullWarning } from './pull-plan.js';
import { ambiguousRewrite, pullWarning } from './pull-warning.js';

export interface ContainerdQuestion {
  readonly reference: ImageReference;
  readonly flavour: ContainerdFlavour;
  readonly file: RegistriesFile;
  readonly options: HostOptions;
  /** What the kubelet passes; null leaves the node's own logins in force. */
  readonly podCredential: AttemptCredential | null;
}

export interface ContainerdPull {
  readonly directory: string | null;
  readonly attempts: readonly PullAttempt[];
  readonly warnings: readonly PullWarning[];
}

export function planContainerdPull(question: ContainerdQuestion): ContainerdPull {
  const { reference, flavour, file, options } = question;
  const { hosts } = buildHostConfigs(file, options);
  const directory = directoriesFor(reference.registry).find((name) => hosts.has(name)) ?? null;
  const host = directory === null ? undefined : hosts.get(directory);
  const read = host && readHostsFile(formatHostsToml(host, options.distribution), flavour);
  const entries = (read ?? implicitHosts).map((entry, index, all) =>
    index === all.length - 1 ? completeHost(entry, reference.registry) : entry,
  );
  const needed = reference.digest === null ? ['pull', 'resolve'] : ['pull'];
  const usable = entries.filter(({ capabilities }) =>
    needed.every((need) => capabilities.has(need)),
  );
  const planned = usable.map((entry) => planAttempt(question, entry));
  return {
    directory,
    attempts: planned.map(({ attempt }) => attempt),
    warnings: [
      ...(read === null ? [rejectedFile(reference.registry)] : []),
      ...planned.flatMap(({ warnings }) => warnings),
      ...explainDefault(question, host?.default === null, entries),
      ...explainWildcardDefault(question, host?.default?.url === ''),
      ...explainIgnoredRewrites(
        question,
        host?.endpoints.some((e) => e.rewrites.length > 0),
      ),
    ],
  };
}

/** Names under which containerd looks for a registry's directory; the first that exists is used. */
export function directoriesFor(registry: string): readonly string[] {
  const colon = registry.lastIndexOf(':');
  const escaped = colon > 0 ? [`${registry.slice(0, colon)}_${registry.slice(colon + 1)}_`] : [];
  return [...escaped, registry, '_default'];
}

// A last host without a name is the registry itself.
function completeHost(entry: HostEntry, registry: string): HostEntry {
  if (entry.host !== '') {
    return entry;
  }
  const own = { ...entry, path: '/v2', capabilities: new Set(['pull', 'resolve', 'push']) };
  if (registry === 'docker.io') {
    return { ...own, scheme: 'https', host: 'registry-1.docker.io' };
  }
  if (!isLocalhost(registry)) {
    return { ...own, scheme: 'https', host: registry };
  }
  const port = portOf(registry);
  const scheme = port === '' || port === '443' ? 'https' : 'http';
  // On loopback TLS is not verified, except on port 80 where none is spoken.
  const tls = port === '80' ? entry.tls : { ...entry.tls, insecureSkipVerify: true };
  return { ...own, scheme, host: registry, tls };
}

function planAttempt(
  question: ContainerdQuestion,
  entry: HostEntry,
): { attempt: PullAttempt; warnings: readonly PullWarning[] } {
  const { reference } = question;
  const choice = chooseRewrite(entry.rewrites, reference.repository);
  const isFallback = entry.scheme === 'http' && entry.tls !== null && portOf(entry.host) !== '80';
  const scheme = isFallback ? 'https' : entry.scheme;
  const object = reference.digest ?? effectiveTag(reference) ?? 'latest';
  const path = cleanPath(`${entry.path}/${choice.result}/manifests/${object}`);
  const endpoint = `${scheme}://${entry.host}${entry.path}`;
  const separator = reference.digest === null ? ':' : '@';
  const warnings: PullWarning[] = [];
  if (isFallback) {
    warnings.push(
      pullWarning('pull-plan.http-fallback', {
        message: `${entry.host} is asked by https first and by http only if TLS fails there.`,
        parameters: { host: visibleText(entry.host) },
      }),
    );
  }
  if (choice.otherResults.length > 0) {
    warnings.push(ambiguousRewrite(entry.host, [choice.result, ...choice.otherResults]));
  }
  return {
    attempt: {
      method: 'HEAD',
      url: `${scheme}://${entry.host}${path}${namespaceQuery(reference.registry, entry.host)}`,
      endpoint,
      image: `${entry.host}/${choice.result}${separator}${object}`,
      isDefault: entry.isRoot,
      tls: entry.tls,
      credential: question.podCredential ?? hostCredential(question, entry.host),
    },
    warnings,
  };
}

/** Tells a mirror which registry it stands for. */
export function namespaceQuery(registry: string, host: string): string {
  const isOwn = registry === host || (registry === 'docker.io' && host === 'registry-1.docker.io');
  return isOwn ? '' : `?ns=${encodeURIComponent(registry)}`;
}

// The alias is K3s' own, since July 2025; stock containerd looks under the host alone.
function hostCredential(question: ContainerdQuestion, host: string): AttemptCredential | null {
  const { file, flavour } = question;
  const hasAlias = flavour === 'k3s' && host === 'registry-1.docker.io' && !file.configs.has(host);
  return nodeCredential(file, hasAlias ? 'docker.io' : host);
}

function rejectedFile(registry: string): PullWarning {
  return pullWarning('pull-plan.hosts-toml-rejected', {
    message: `containerd rejects the hosts.toml of ${registry}; every mirror is ignored and the registry itself is asked.`,
    parameters: { registry },
  });
}

function explainDefault(
  { flavour, options }: ContainerdQuestion,
  isDisabled: boolean,
  entries: readonly HostEntry[],
): readonly PullWarning[] {
  const hasRoot = entries.some((entry) => entry.isRoot);
  if (isDisabled && hasRoot && flavour === 'stock') {
    const message =
      'Stock containerd asks the registry itself last in any case; only K3s can switch that off.';
    const parameters = { reason: 'stock' };
    return [pullWarning('pull-plan.default-still-used', { message, parameters })];
  }
  if (options.disableDefaultEndpoint && hasRoot) {
    const message =
      'The default endpoint is disabled, but not for this registry: it has no mirror with endpoints, or settings of its own.';
    const parameters = { reason: 'kept' };
    return [pullWarning('pull-plan.default-still-used', { message, parameters })];
  }
  return [];
}

// Releases of K3s with containerd 2.0 look whether `server` has a value, those before and after whether
// it is written. The `*` mirror's is written and empty.
function explainWildcardDefault(
  { flavour }: ContainerdQuestion,
  isWildcard: boolean,
): readonly PullWarning[] {
  const message =
    'After the "*" mirror the registry itself is asked last, but not by K3s\' containerd 2.0 (seen in 2.0.2).';
  return flavour === 'k3s' && isWildcard
    ? [pullWarning('pull-plan.wildcard-default', { message })]
    : [];
}

function explainIgnoredRewrites(
  { flavour }: ContainerdQuestion,
  hasRewrites: boolean | undefined,
): readonly PullWarning[] {
  return flavour === 'stock' && hasRewrites === true
    ? [
        pullWarning('pull-plan.rewrite-ignored', {
          message: 'Stock containerd does not know rewrites; only K3s and RKE2 do.',
        }),
      ]
    : [];
}
