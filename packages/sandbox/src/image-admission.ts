/**
 * What happens to an object that carries images before it is stored: bare names in new pods get
 * the default registry, then every policy of the namespace judges the images that the write brings
 * in. Texts are those of kube-apiserver 1.36; the conformance suite compares them.
 */
import {
  applyDefaultRegistry,
  decideImage,
  describeAllowed,
  type ImageDecision,
  type ImagePolicy,
} from '@moorage/core';
import { type ApiResource, coreResource } from './api-resources.js';
import { type JudgingPolicy, judgingPolicies, rewritingPolicies } from './compiled-policies.js';
import { isRecord, type JsonRecord, type KubeObject, textOf } from './kube-object.js';
import type { ObjectStore } from './object-store.js';
import { detailsOf, qualified, refuse } from './status.js';

export interface Admission {
  readonly object: KubeObject;
  /** For the client: what a policy in mode warn has to say. */
  readonly warnings: readonly string[];
}

/** Throws the refusal of the first policy that refuses. */
export function admitImages(
  store: ObjectStore,
  resource: ApiResource,
  draft: KubeObject,
  before?: KubeObject,
): Admission {
  if (!carriesImages(resource)) return { object: draft, warnings: [] };
  const namespace = namespaceOf(store, draft);
  const object = resource.kind === 'Pod' ? rewrite(store, namespace, draft, before) : draft;
  const old = before === undefined ? [] : imagesOf(before);
  const added = imagesOf(object).filter((image) => image !== '' && !old.includes(image));
  const warnings: string[] = [];
  for (const policy of judgingPolicies(store)) {
    const message = policy.selects(namespace) ? judge(policy, resource, added) : null;
    if (message === null) continue;
    const place = `ValidatingAdmissionPolicy '${policy.name}' with binding '${policy.name}'`;
    if (policy.action === 'warn') warnings.push(`Validation failed for ${place}: ${message}`);
    else throw refusal(resource, object, `${place} denied request: ${message}`);
  }
  return { object, warnings };
}

const templateKinds = [
  'PodTemplate',
  'ReplicationController',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'Job',
  'CronJob',
];

function carriesImages({ kind }: ApiResource): boolean {
  return kind === 'Pod' || templateKinds.includes(kind);
}

function namespaceOf(store: ObjectStore, { metadata }: KubeObject) {
  const name = metadata.namespace ?? '';
  const labels = store.get(coreResource('namespaces'), '', name)?.metadata.labels ?? {};
  return { name, labels };
}

function rewrite(
  store: ObjectStore,
  namespace: ReturnType<typeof namespaceOf>,
  pod: KubeObject,
  before: KubeObject | undefined,
): KubeObject {
  const policies = rewritingPolicies(store).filter(({ selects }) => selects(namespace));
  if (policies.length === 0 || !isRecord(pod.spec)) return pod;
  const known = before === undefined ? [] : imagesOf(before);
  const named = (image: unknown): unknown => {
    if (typeof image !== 'string' || known.includes(image)) return image;
    return policies.reduce((name, { registry }) => applyDefaultRegistry(name, registry), image);
  };
  const containers = (list: unknown): unknown =>
    Array.isArray(list) ? list.map((each) => ({ ...each, image: named(each.image) })) : list;
  const spec = { ...pod.spec };
  for (const field of ['containers', 'initContainers']) {
    if (spec[field] !== undefined) Object.assign(spec, { [field]: containers(spec[field]) });
  }
  return { ...pod, spec };
}

/** The message of the first image that is not allowed; null when all are. */
function judge(
  policy: JudgingPolicy,
  { kind }: ApiResource,
  images: readonly string[],
): string | null {
  const { whitelist, templateRegistry } = policy;
  const settings: ImagePolicy = {
    whitelist,
    defaultRegistry: kind === 'Pod' ? null : templateRegistry,
    mode: 'enforce',
    defaultRegistryAt: 'pod',
  };
  const refused = images
    .map((image) => ({ image, decision: decideImage(image, settings) }))
    .filter(({ decision }) => decision.outcome === 'denied');
  const [first] = refused;
  if (first === undefined) return null;
  const more = refused.length > 1 ? ` (and ${refused.length - 1} more)` : '';
  const head = `Image ${JSON.stringify(cut(first.image))}${more}`;
  return `${head}${describe(first.decision, policy)} [${policy.signature}]`;
}

function describe({ registry }: ImageDecision, policy: JudgingPolicy): string {
  if (registry === null) {
    return ' is not a valid image name, so no registry can be read from it. Correct the name.';
  }
  const { environment, whitelist } = policy;
  const allowed = describeAllowed(whitelist);
  return ` may not run here: the whitelist of environment ${environment} allows no such image of registry ${JSON.stringify(cut(registry))}. ${allowed}`;
}

function cut(text: string): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}

function refusal(resource: ApiResource, { metadata }: KubeObject, message: string) {
  // A generated name is not known yet when the policies are asked.
  const name = metadata.generateName === undefined ? metadata.name : '';
  const details = detailsOf(name === '' ? { resource } : { resource, name });
  const subject = name === '' ? qualified(resource) : `${qualified(resource)} "${name}"`;
  return refuse(403, 'Forbidden', `${subject} is forbidden: ${message}`, {
    ...details,
    causes: [{ message }],
  });
}

function imagesOf(object: KubeObject): readonly string[] {
  const spec = podSpecOf(object);
  const lists = ['containers', 'initContainers', 'ephemeralContainers'];
  return [
    ...lists.flatMap((list) => listOf(spec[list]).map(({ image }) => textOf(image) ?? '')),
    ...listOf(spec.volumes).map(({ image }) =>
      isRecord(image) ? (textOf(image.reference) ?? '') : '',
    ),
  ];
}

function podSpecOf(object: KubeObject): JsonRecord {
  switch (object.kind) {
    case 'Pod':
      return at(object, 'spec');
    case 'PodTemplate':
      return at(object, 'template', 'spec');
    case 'CronJob':
      return at(object, 'spec', 'jobTemplate', 'spec', 'template', 'spec');
    default:
      return at(object, 'spec', 'template', 'spec');
  }
}

function at(object: JsonRecord, ...path: readonly string[]): JsonRecord {
  let value: unknown = object;
  for (const part of path) value = isRecord(value) ? value[part] : undefined;
  return isRecord(value) ? value : {};
}

function listOf(value: unknown): readonly JsonRecord[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
