/**
 * The attempts of RKE2's own first pull, made before containerd runs.
 *
 * Source: wharfie `pkg/registries/registries.go`, `endpoint.go`; go-containerregistry `pkg/name`.
 *
 * Does not handle: the version check (`GET /v2/`) that go-containerregistry makes before the request
 * shown, and the logins of kubelet plugins or root's `config.json` behind an endpoint without one.
 */
import { visibleText } from '../finding-parameters.js';
import { effectiveTag, type ImageReference, repositoryName } from '../image-reference.js';
import {
  type BootstrapEndpoint,
  bootstrapDockerHub,
  namespaceOf,
  planBootstrapEndpoints,
} from '../registries-yaml/bootstrap-endpoints.js';
import { originAndPath } from '../registries-yaml/go-url.js';
import type { RegistriesFile, TlsSpec } from '../registries-yaml/registries-file.js';
import { describeUrlProblem } from '../registries-yaml/url-problem.js';
import { applyRewrite, type RewriteRule } from '../rewrite.js';
import {
  type BootstrapName,
  isBootstrapRepository,
  readBootstrapName,
  withNamespace,
} from './bootstrap-name.js';
import { presentLogin } from './pull-credentials.js';
import type { AttemptTls, PullAttempt, PullWarning } from './pull-plan.js';
import { ambiguousRewrite, pullWarning } from './pull-warning.js';

export function planBootstrapPull(
  written: string,
  reference: ImageReference,
  file: RegistriesFile,
): { attempts: readonly PullAttempt[]; warnings: readonly PullWarning[] } {
  const name = readBootstrapName(written, reference);
  if (name === null) {
    return { attempts: [], warnings: [nameRefused(reference)] };
  }
  const plan = planBootstrapEndpoints(file, name.registry);
  const rewritten = rewriteForBootstrap(plan.rewrites, name);
  const attempts = plan.endpoints.map((endpoint, index) => {
    const repository = endpoint.isDefault ? name.repository : (rewritten[0] ?? name.repository);
    const isLast = index === plan.endpoints.length - 1;
    return planAttempt(reference, { ...name, repository }, endpoint, isLast);
  });
  const skipped = plan.skipped.map(({ reason }) =>
    pullWarning('pull-plan.endpoint-skipped', {
      message: `An endpoint is left out: ${describeUrlProblem(reason)}.`,
      parameters: { reason },
    }),
  );
  const asksMirror = plan.endpoints.some(({ isDefault }) => !isDefault);
  const ambiguous = asksMirror && rewritten.length > 1 ? [ambiguousRewrite(null, rewritten)] : [];
  return { attempts, warnings: [...skipped, ...ambiguous] };
}

function nameRefused(reference: ImageReference): PullWarning {
  const name = visibleText(repositoryName(reference));
  return pullWarning('pull-plan.name-refused', {
    message: `RKE2's own first pull refuses the name ${name}: it takes lower-case names of at least two characters, and sha256 digests.`,
    parameters: { name },
  });
}

/** Results that go-containerregistry accepts as a repository, without repeats. */
function rewriteForBootstrap(
  rules: readonly RewriteRule[],
  { registry, repository }: BootstrapName,
): readonly string[] {
  const results = rules
    .map((rule) => applyRewrite(rule, repository))
    .filter(({ changed, result }) => changed && isBootstrapRepository(result));
  return [...new Set(results.map(({ result }) => withNamespace(registry, result)))];
}

function planAttempt(
  reference: ImageReference,
  { registry, repository }: BootstrapName,
  endpoint: BootstrapEndpoint,
  isLast: boolean,
): PullAttempt {
  const { host } = endpoint.parsed;
  const object = reference.digest ?? effectiveTag(reference) ?? 'latest';
  const root = originAndPath(endpoint.parsed);
  return {
    method: 'GET',
    url: `${root}/${repository}/manifests/${object}${bootstrapNamespace(registry, host)}`,
    endpoint: root,
    image: `${host}/${repository}${reference.digest === null ? ':' : '@'}${object}`,
    isDefault: isLast,
    tls: presentTls(endpoint.tls),
    credential:
      endpoint.auth === null ? null : presentLogin(endpoint.auth, endpoint.configKey ?? host),
  };
}

function bootstrapNamespace(registry: string, host: string): string {
  const namespace = namespaceOf(registry);
  const isOwn = namespace === host || (namespace === 'docker.io' && host === bootstrapDockerHub);
  return isOwn ? '' : `?ns=${encodeURIComponent(namespace)}`;
}

function presentTls(tls: TlsSpec | null): AttemptTls | null {
  if (tls === null) {
    return null;
  }
  const shown: AttemptTls = {
    ...(tls.caFile && { caFile: tls.caFile }),
    ...(tls.certFile && { certFile: tls.certFile }),
    ...(tls.keyFile && { keyFile: tls.keyFile }),
    ...(tls.insecureSkipVerify && { insecureSkipVerify: true }),
  };
  return Object.keys(shown).length === 0 ? null : shown;
}
