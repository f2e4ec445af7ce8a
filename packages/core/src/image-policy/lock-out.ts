/**
 * What an image policy must not shut out: what a cluster needs to go on working.
 *
 * Counted are namespaces that the control plane and Moorage live in, pods of Kubernetes' own
 * priority classes, and static pods. Not counted, because admission never sees them: the sandbox
 * ("pause") image, which the container runtime pulls by itself, and what mirrors serve.
 */
import type { ImagePolicy } from './combine-policies.js';
import type { WorkloadRefusal } from './impact-tally.js';
import { systemNamespaces } from './system-namespaces.js';

export interface LockOut {
  readonly code:
    | 'lock-out.nothing-allowed'
    | 'lock-out.system-namespace'
    | 'lock-out.system-workload'
    | 'lock-out.critical-workload'
    | 'lock-out.static-pod'
    | 'lock-out.moorage-agent';
  readonly detail: string;
  /** The cluster would stop repairing itself: not to be done, whoever has read about it. */
  readonly isBreaking: boolean;
}

/** One environment in one cluster. */
export interface LockOutQuestion {
  readonly environment: string;
  readonly cluster: string;
  readonly policy: ImagePolicy;
  /** That its targets select. */
  readonly namespaces: readonly string[];
  readonly refusals: readonly WorkloadRefusal[];
}

/** An empty whitelist is on and allows nothing. Of one environment, whatever its clusters. */
export function findEmptyWhitelist(environment: string, policy: ImagePolicy): LockOut | null {
  if (policy.mode === 'off' || policy.whitelist?.length !== 0) return null;
  return {
    code: 'lock-out.nothing-allowed',
    detail: `No image at all would be allowed in environment ${environment}: its whitelist and that of the installation have nothing in common.`,
    isBreaking: false,
  };
}

export function findLockOuts(question: LockOutQuestion): readonly LockOut[] {
  const { policy, namespaces, refusals, cluster, environment } = question;
  if (policy.whitelist === null || policy.mode === 'off') return [];
  const enforces = policy.mode === 'enforce';
  const fresh = refusals.filter(({ refusedAlready }) => !refusedAlready);
  const inSystem = fresh.filter(({ namespace }) => systemNamespaces.has(namespace));
  const [agents, system] = partition(inSystem, isMoorageAgent);
  const others = fresh.filter(({ namespace }) => !systemNamespaces.has(namespace));
  const selected = namespaces.filter((namespace) => systemNamespaces.has(namespace));
  return [
    ...(selected.length === 0
      ? []
      : [
          {
            code: 'lock-out.system-namespace' as const,
            detail: `On cluster ${cluster} the targets of environment ${environment} select ${list(selected)}. An upgrade of the cluster brings new images there: exclude these namespaces, or allow the registries of the cluster's own images.`,
            isBreaking: false,
          },
        ]),
    ...say('lock-out.system-workload', system, enforces, (names) => {
      return `On cluster ${cluster} what the cluster itself needs would be refused: ${names}. Exclude these namespaces from the targets, or allow the registries.`;
    }),
    ...say('lock-out.moorage-agent', agents, enforces, (names) => {
      return `On cluster ${cluster} the node agent of Moorage would be refused: ${names}. Exclude moorage-system from the targets, or allow its registry.`;
    }),
    ...say(
      'lock-out.critical-workload',
      others.filter(({ isCritical }) => isCritical),
      false,
      (names) =>
        `On cluster ${cluster} workloads that are marked as critical for nodes or cluster would be refused, such as networking and storage: ${names}.`,
    ),
    ...say(
      'lock-out.static-pod',
      others.filter(({ isStatic }) => isStatic),
      false,
      (names) =>
        `On cluster ${cluster} the API would no longer show static pods, which go on running: ${names}.`,
    ),
  ];
}

function say(
  code: LockOut['code'],
  refusals: readonly WorkloadRefusal[],
  isBreaking: boolean,
  sentence: (names: string) => string,
): readonly LockOut[] {
  if (refusals.length === 0) return [];
  const names = refusals.map(
    ({ namespace, workload, image }) =>
      `${workload.kind} ${namespace}/${workload.name} (${image.slice(0, 120)})`,
  );
  return [{ code, detail: sentence(list(names)), isBreaking }];
}

function isMoorageAgent({ namespace, workload }: WorkloadRefusal): boolean {
  return namespace === 'moorage-system' && workload.name === 'moorage-agent';
}

function partition<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}

// As many as a sentence holds.
const shownNames = 5;

function list(names: readonly string[]): string {
  const more = names.length - shownNames;
  const shown = names.slice(0, shownNames).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}
