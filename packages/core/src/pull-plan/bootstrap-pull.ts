/**
 * The attempts of RKE2's own first pull, made before containerd runs.
 *
 * Source: wharfie `pkg/registries/registries.go`, `endpoint.go`; go-containerregistry `pkg/name`.
 *
 * Does not handle: the version check (`GET /v2/`) that go-containerregistry makes before the request
 * shown, and the logins of kubelet plugins or root's `config.json` behind an endpoint without one.
 */
import { effectiveTag, type ImageReference } from '../image-reference.js';
import {
  type BootstrapEndpoint,
  bootstrapDockerHub,
  namespaceOf,
  planBootstrapEndpoints,
} from '../registries-yaml/bootstrap-endpoints.js';
import type { RegistriesFile, TlsSpec } from '../registries-yaml/registries-file.js';
import { describeUrlProblem } from '../registries-yaml/url-problem.js';
import { applyRewrite, type RewriteRule } from '../rewrite.js';
import { presentLogin } from './pull-credentials.js';
import type { AttemptTls, PullAttempt, PullWarning } from './pull-plan.js';
import { ambiguousRewrite, pullWarning } from './pull-warning.js';

export function planBootstrapPull(
  reference: ImageReference,
  file: RegistriesFile,
): { attempts: readonly PullAttempt[]; warnings: readonly PullWarning[] } {
  const registry = reference.registry === 'docker.io' ? bootstrapDockerHub : reference.registry;
  const plan = planBootstrapEndpoints(file, registry);
  const rewritten = rewriteForBootstrap(plan.rewrites, reference.repository);
  const attempts = plan.endpoints.map((endpoint, index) => {
    const repository = endpoint.isDefault ? reference.repository : rewritten[0];
    return planAttempt(reference, registry, endpoint, {
      repository: repository ?? reference.repository,
      isLast: index === plan.endpoints.length - 1,
    });
  });
  const skipped = plan.skipped.map(({ reason }) =>
    pullWarning('pull-plan.endpoint-skipped', {
      message: `An endpoint is left out: ${describeUrlProblem(reason)}.`,
      parameters: { reason },
    }),
  );
  const ambiguous = rewritten.length > 1 ? [ambiguousRewrite(null, rewritten)] : [];
  return { attempts, warnings: [...skipped, ...ambiguous] };
}

/** Results that go-containerregistry accepts as a repository, without repeats. */
function rewriteForBootstrap(rules: readonly RewriteRule[], repository: string): readonly string[] {
  const results = rules
    .map((rule) => applyRewrite(rule, repository))
    .filter(({ changed, result }) => changed && /^[a-z0-9_\-./]{1,255}$/.test(result));
  return [...new Set(results.map(({ result }) => result))];
}

function planAttempt(
  reference: ImageReference,
  registry: string,
  endpoint: BootstrapEndpoint,
  asked: { repository: string; isLast: boolean },
): PullAttempt {
  const { scheme, host, path } = endpoint.parsed;
  const object = reference.digest ?? effectiveTag(reference) ?? 'latest';
  const root = `${scheme}://${host}${path}`;
  return {
    method: 'GET',
    url: `${root}/${asked.repository}/manifests/${object}${bootstrapNamespace(registry, host)}`,
    endpoint: root,
    image: `${host}/${asked.repository}${reference.digest === null ? ':' : '@'}${object}`,
    isDefault: asked.isLast,
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
