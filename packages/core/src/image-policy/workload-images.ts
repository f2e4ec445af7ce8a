/**
 * Which images an object of a cluster runs, and whose they are: the same places that the compiled
 * whitelist reads (`whitelist-admission.ts`), in objects that a cluster lists.
 *
 * An object that another one makes is told as that one's: pods and replica sets of a Deployment are
 * the Deployment. Nothing counts that does not run: finished pods and jobs, and the replica sets
 * that a Deployment keeps as its history. Objects are foreign input: what has another shape than
 * Kubernetes gives it is read as absent.
 *
 * Does not handle: owners of kinds that are not built in; they are named, not looked up.
 */
import { referenceMaxLength } from '../image-reference.js';

export const judgedKinds = [
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'CronJob',
  'ReplicationController',
  'PodTemplate',
  // What these belong to is known once they have been read, and pods last.
  'ReplicaSet',
  'Job',
  'Pod',
] as const;
export type JudgedKind = (typeof judgedKinds)[number];

export interface WorkloadName {
  readonly kind: string;
  readonly name: string;
}

export interface RunningWorkload {
  readonly kind: JudgedKind;
  readonly namespace: string;
  readonly name: string;
  /** Each name once, without empty ones, which never run. */
  readonly images: readonly string[];
  /** What made it; null for what somebody wrote. */
  readonly owner: WorkloadName | null;
  /** The API's picture of a pod that the kubelet starts from a file, whatever the API says. */
  readonly isStatic: boolean;
  /** Of the priority classes that Kubernetes keeps for what a cluster cannot do without. */
  readonly isCritical: boolean;
}

/** Null for what does not run, or has no name. */
export function readWorkload(kind: JudgedKind, object: unknown): RunningWorkload | null {
  const metadata = recordAt(object, 'metadata');
  const { name, namespace } = metadata;
  if (!isName(name) || !isName(namespace)) return null;
  const owner = controllerOf(metadata);
  if (!runs(kind, object, owner)) return null;
  const spec = podSpecOf(kind, object);
  const isStatic = kind === 'Pod' && owner?.kind === 'Node';
  return {
    kind,
    namespace,
    name,
    images: imagesOf(spec),
    owner: isStatic || !isMade.has(kind) ? null : owner,
    isStatic,
    isCritical: criticalClasses.has(String(spec.priorityClassName)),
  };
}

const criticalClasses: ReadonlySet<string> = new Set([
  'system-node-critical',
  'system-cluster-critical',
]);
// Other kinds stay what they are, also when an operator made them: they are what is edited.
const isMade: ReadonlySet<JudgedKind> = new Set(['ReplicaSet', 'Job', 'Pod']);

function runs(kind: JudgedKind, object: unknown, owner: WorkloadName | null): boolean {
  const status = recordAt(object, 'status');
  switch (kind) {
    case 'Pod':
      return status.phase !== 'Succeeded' && status.phase !== 'Failed';
    case 'Job':
      return !listAt(status, 'conditions').some(isFinished);
    case 'ReplicaSet':
      return owner === null || recordAt(object, 'spec').replicas !== 0;
    default:
      return true;
  }
}

function isFinished(condition: unknown): boolean {
  const { type, status } = asRecord(condition);
  return (type === 'Complete' || type === 'Failed') && status === 'True';
}

function podSpecOf(kind: JudgedKind, object: unknown): Fields {
  if (kind === 'PodTemplate') return recordAt(object, 'template', 'spec');
  if (kind === 'Pod') return recordAt(object, 'spec');
  return kind === 'CronJob'
    ? recordAt(object, 'spec', 'jobTemplate', 'spec', 'template', 'spec')
    : recordAt(object, 'spec', 'template', 'spec');
}

const containerLists = ['containers', 'initContainers', 'ephemeralContainers'];

function imagesOf(spec: Fields): readonly string[] {
  const named = [
    ...containerLists.flatMap((list) => listAt(spec, list)).map((item) => asRecord(item).image),
    ...listAt(spec, 'volumes').map((volume) => recordAt(volume, 'image').reference),
  ];
  const images = named.filter((image): image is string => typeof image === 'string');
  // Longer ones are no image names, whatever follows; nobody keeps megabytes of them.
  const cut = images.map((image) => image.slice(0, referenceMaxLength + 1));
  return [...new Set(cut)].filter((image) => image !== '');
}

/** The longest that Kubernetes gives to anything. */
const nameMaxLength = 253;

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= nameMaxLength;
}

function controllerOf(metadata: Fields): WorkloadName | null {
  const references = listAt(metadata, 'ownerReferences').map(asRecord);
  const { kind, name } = references.find(({ controller }) => controller === true) ?? {};
  return isName(kind) && isName(name) ? { kind, name } : null;
}

type Fields = Readonly<Record<string, unknown>>;

function asRecord(value: unknown): Fields {
  // A JSON value that is an object and no list has text keys.
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : {};
}

function recordAt(value: unknown, ...path: readonly string[]): Fields {
  return path.reduce<Fields>((at, key) => asRecord(at[key]), asRecord(value));
}

function listAt(fields: Fields, key: string): readonly unknown[] {
  const value = fields[key];
  return Array.isArray(value) ? value : [];
}
