/**
 * Answers "what does this node do for this image": from the image's name, the node's
 * `registries.yaml` and the pod's pull secrets to the requests in order.
 *
 * Sources: see the engines (`containerd-pull.ts`, `bootstrap-pull.ts`).
 *
 * Does not handle: registries that answer, policies, or images that are on the node already.
 */
import { visibleText } from '../finding-parameters.js';
import {
  formatNormalized,
  type ImageReference,
  type ImageReferenceError,
  parseImageReference,
  repositoryName,
} from '../image-reference.js';
import { hostOptionsOf } from '../registries-yaml/check.js';
import { loadRegistriesYaml } from '../registries-yaml/load.js';
import type { RegistriesFile } from '../registries-yaml/registries-file.js';
import { Ok, type Result } from '../result.js';
import { planBootstrapPull } from './bootstrap-pull.js';
import { type ContainerdPull, planContainerdPull } from './containerd-pull.js';
import { matchPullSecrets, nodeCredential, type PodCredentials } from './pull-credentials.js';
import type { PullPlan, PullQuestion, PullWarning } from './pull-plan.js';
import { pullWarning } from './pull-warning.js';

export function planPull(question: PullQuestion): Result<PullPlan, ImageReferenceError> {
  const parsed = parseImageReference(question.image);
  if (!parsed.ok) {
    return parsed;
  }
  const reference = formatNormalized(parsed.value);
  const loaded = loadRegistriesYaml(question.registriesYaml ?? '');
  if (!loaded.loads) {
    const warnings = [unloadable(loaded.diagnostics[0]?.line ?? 1)];
    return Ok({ reference, directory: null, attempts: [], warnings });
  }
  const plan =
    question.engine === 'rke2-bootstrap'
      ? planForBootstrap(question, parsed.value, loaded.file)
      : planForContainerd(question, parsed.value, loaded.file);
  return Ok({
    reference,
    ...plan,
    warnings: unique([...nameWarnings(parsed.value), ...plan.warnings]),
  });
}

function planForBootstrap(
  question: PullQuestion,
  reference: ImageReference,
  file: RegistriesFile,
): ContainerdPull {
  const { attempts, warnings } = planBootstrapPull(question.image, reference, file);
  const own: PullWarning[] = [];
  if (question.disableDefaultEndpoint === true) {
    const message =
      "RKE2's own first pull falls back to the default endpoint although it is disabled.";
    const parameters = { reason: 'bootstrap' };
    own.push(pullWarning('pull-plan.default-still-used', { message, parameters }));
  }
  if (question.pullSecrets !== undefined && question.pullSecrets.length > 0) {
    const message = "RKE2's own first pull knows no pull secrets.";
    own.push(pullWarning('pull-plan.pull-secret-unused', { message }));
  }
  if (!/[.:]/.test(reference.registry)) {
    const message = `RKE2's own first pull takes ${reference.registry} for a part of a Docker Hub name: only a period or a colon makes a registry of it.`;
    const parameters = { registry: reference.registry };
    own.push(pullWarning('pull-plan.registry-not-seen', { message, parameters }));
  }
  return { directory: null, attempts, warnings: [...own, ...warnings] };
}

function planForContainerd(
  question: PullQuestion,
  reference: ImageReference,
  file: RegistriesFile,
): ContainerdPull {
  const pod = matchPullSecrets(question.pullSecrets ?? [], repositoryName(reference));
  const plan = planContainerdPull({
    reference,
    flavour: question.engine === 'containerd' ? 'stock' : 'k3s',
    file,
    options: hostOptionsOf({
      distribution: 'k3s',
      disableDefaultEndpoint: question.disableDefaultEndpoint,
      embeddedRegistry: question.embeddedRegistry,
    }),
    podCredential: pod.matched[0] ?? null,
  });
  const warnings = [
    ...plan.warnings,
    ...pod.warnings,
    ...explainPodCredentials(pod, plan, file),
    ...explainDockerHubLogin(question, pod, plan, file),
    ...explainEmbedded(question, reference),
  ];
  return { ...plan, warnings };
}

function explainPodCredentials(
  { matched }: PodCredentials,
  { attempts }: ContainerdPull,
  file: RegistriesFile,
): readonly PullWarning[] {
  const [used] = matched;
  if (used === undefined) {
    return [];
  }
  const warnings: PullWarning[] = [];
  if (matched.length > 1) {
    const others = matched
      .slice(1)
      .map(({ from }) => from)
      .join(', ');
    const message = `If the login from ${visibleText(used.from)} fails, the kubelet repeats the whole pull with: ${visibleText(others)}.`;
    const parameters = { used: visibleText(used.from), others: visibleText(others) };
    warnings.push(pullWarning('pull-plan.several-pull-secrets', { message, parameters }));
  }
  for (const { url, endpoint } of attempts) {
    const host = hostOf(url);
    if (nodeCredential(file, host) !== null) {
      const parameters = {
        endpoint: visibleText(endpoint),
        used: visibleText(used.from),
        host: visibleText(host),
      };
      const message = `${parameters.endpoint} gets the login from ${parameters.used}; the node's own login for ${parameters.host} is not used in this pull.`;
      warnings.push(pullWarning('pull-plan.pull-secret-beats-node-login', { message, parameters }));
    }
  }
  return warnings;
}

function explainDockerHubLogin(
  question: PullQuestion,
  { matched }: PodCredentials,
  { attempts }: ContainerdPull,
  file: RegistriesFile,
): readonly PullWarning[] {
  const asksHub = attempts.some(({ url }) => hostOf(url) === 'registry-1.docker.io');
  const hasOldKey =
    nodeCredential(file, 'docker.io') !== null && !file.configs.has('registry-1.docker.io');
  if (!asksHub || !hasOldKey || matched.length > 0) {
    return [];
  }
  const message =
    question.engine === 'containerd'
      ? 'The login under docker.io is not used: containerd looks for registry-1.docker.io.'
      : 'The login under docker.io is used from July 2025 (v1.32.7, v1.33.3) on; older releases pull anonymously.';
  const parameters = { engine: question.engine === 'containerd' ? 'stock' : 'k3s' };
  return [pullWarning('pull-plan.docker-hub-login-key', { message, parameters })];
}

function explainEmbedded(
  question: PullQuestion,
  reference: ImageReference,
): readonly PullWarning[] {
  const isLatest = reference.digest === null && (reference.tag ?? 'latest') === 'latest';
  return question.embeddedRegistry && isLatest
    ? [
        pullWarning('pull-plan.embedded-latest', {
          message:
            'The embedded registry does not serve the tag latest unless K3S_P2P_ENABLE_LATEST is true.',
        }),
      ]
    : [];
}

function nameWarnings(reference: ImageReference): readonly PullWarning[] {
  return reference.tag !== null && reference.digest !== null
    ? [
        pullWarning('pull-plan.tag-ignored', {
          message: `The digest decides; the tag ${reference.tag} is ignored.`,
          parameters: { tag: reference.tag },
        }),
      ]
    : [];
}

function unloadable(line: number): PullWarning {
  return pullWarning('pull-plan.registries-yaml-load-error', {
    message: `The node cannot load this registries.yaml (line ${line}) and does not become ready: nothing is pulled.`,
    parameters: { line: String(line) },
  });
}

function hostOf(url: string): string {
  return /^[a-z]+:\/\/([^/?]*)/.exec(url)?.[1] ?? '';
}

function unique(warnings: readonly PullWarning[]): readonly PullWarning[] {
  const seen = new Map(warnings.map((warning) => [`${warning.code} ${warning.message}`, warning]));
  return [...seen.values()];
}
