/**
 * Answers "what does this node do for this image": from the image's name, the node's
 * `registries.yaml` and the pod's pull secrets to the requests in order.
 *
 * Sources: see the engines (`containerd-pull.ts`, `bootstrap-pull.ts`).
 *
 * Does not handle: registries that answer, policies, or images that are on the node already.
 */
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

export function planPull(question: PullQuestion): Result<PullPlan, ImageReferenceError> {
  const parsed = parseImageReference(question.image);
  if (!parsed.ok) {
    return parsed;
  }
  const reference = formatNormalized(parsed.value);
  const loaded = loadRegistriesYaml(question.registriesYaml ?? '');
  if (!loaded.loads) {
    const warnings = [unloadable(loaded.diagnostics[0]?.line)];
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
  const { attempts, warnings } = planBootstrapPull(reference, file);
  const own: PullWarning[] = [];
  if (question.disableDefaultEndpoint === true) {
    const message =
      "RKE2's own first pull falls back to the default endpoint although it is disabled.";
    own.push({ code: 'pull-plan.default-still-used', message });
  }
  if (question.pullSecrets !== undefined && question.pullSecrets.length > 0) {
    const message = "RKE2's own first pull knows no pull secrets.";
    own.push({ code: 'pull-plan.pull-secret-unused', message });
  }
  if (/[A-Z]/.test(reference.registry) && !/[.:]/.test(reference.registry)) {
    const message = `RKE2's own first pull does not take ${reference.registry} for a registry and refuses the name.`;
    own.push({ code: 'pull-plan.name-refused', message });
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
    const message = `If the login from ${used.from} fails, the kubelet repeats the whole pull with: ${others}.`;
    warnings.push({ code: 'pull-plan.several-pull-secrets', message });
  }
  for (const { url, endpoint } of attempts) {
    const host = hostOf(url);
    if (nodeCredential(file, host) !== null) {
      const message = `${endpoint} gets the login from ${used.from}; the node's own login for ${host} is not used in this pull.`;
      warnings.push({ code: 'pull-plan.pull-secret-beats-node-login', message });
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
  return [{ code: 'pull-plan.docker-hub-login-key', message }];
}

function explainEmbedded(
  question: PullQuestion,
  reference: ImageReference,
): readonly PullWarning[] {
  const isLatest = reference.digest === null && (reference.tag ?? 'latest') === 'latest';
  return question.embeddedRegistry && isLatest
    ? [
        {
          code: 'pull-plan.embedded-latest',
          message:
            'The embedded registry does not serve the tag latest unless K3S_P2P_ENABLE_LATEST is true.',
        },
      ]
    : [];
}

function nameWarnings(reference: ImageReference): readonly PullWarning[] {
  return reference.tag !== null && reference.digest !== null
    ? [
        {
          code: 'pull-plan.tag-ignored',
          message: `The digest decides; the tag ${reference.tag} is ignored.`,
        },
      ]
    : [];
}

function unloadable(line: number | undefined): PullWarning {
  const where = line === undefined ? '' : ` (line ${line})`;
  return {
    code: 'pull-plan.registries-yaml-load-error',
    message: `The node cannot load this registries.yaml${where} and does not become ready: nothing is pulled.`,
  };
}

function hostOf(url: string): string {
  return /^[a-z]+:\/\/([^/?]*)/.exec(url)?.[1] ?? '';
}

function unique(warnings: readonly PullWarning[]): readonly PullWarning[] {
  const seen = new Map(warnings.map((warning) => [`${warning.code} ${warning.message}`, warning]));
  return [...seen.values()];
}
