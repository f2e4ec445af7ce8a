/**
 * From the admission objects of one environment as a cluster has them to the compiled ones: which
 * writes, in which order. A policy without its binding does nothing, and a binding without its
 * policy neither.
 *
 * In no moment is more refused than both the old and the new policy refuse:
 *
 *   a policy comes before its binding and goes after it;
 *   a binding that gets weaker is written before the policy, one that gets stronger after it;
 *   bare names are rewritten before a whitelist is first asked for them, and no longer asked
 *   for before the rewriting ends;
 *   with a whitelist before and after, a new rewriting comes when the new list is there, and an
 *   old one leaves while the old list is there: the default registry is on it.
 *
 * `settle` is where the API server must be seen to follow before the next write: it reads policies
 * and bindings separately, about once a second, and might see the second write first.
 *
 * Does not handle a default registry that is exchanged for another: no order is safe then; widen
 * the list for the moment (`widenFor`).
 */
import { SYNC_MARKS } from '../sync-plan/model.js';
import type { AdmissionKind, AdmissionObject, AdmissionPair } from './admission-objects.js';
import type { ImagePolicy } from './combine-policies.js';
import type { CompiledPolicy } from './compile-policy.js';
import { formatPolicyEntry } from './policy-entry.js';

export interface ObservedAdmission {
  readonly kind: AdmissionKind;
  readonly uid: string;
  readonly resourceVersion: string;
  /** Of the marks; null when there is none. */
  readonly environmentId: string | null;
  readonly contentHash: string | null;
  /** Of `formatAdmissionSpec`. */
  readonly specDigest: string;
  /** Of a binding. */
  readonly validationActions: readonly string[];
}

export type PolicyHalf = 'whitelist' | 'default-registry';

export type AdmissionStep =
  | { readonly action: 'create'; readonly object: AdmissionObject }
  | {
      readonly action: 'replace';
      readonly object: AdmissionObject;
      readonly uid: string;
      readonly resourceVersion: string;
    }
  | { readonly action: 'delete'; readonly kind: AdmissionKind; readonly uid: string }
  | { readonly action: 'settle'; readonly half: PolicyHalf };

export interface AdmissionView {
  readonly observed: readonly ObservedAdmission[];
  /** Whether what is there holds what is wanted. */
  readonly isCurrent: (observed: ObservedAdmission, wanted: AdmissionObject) => boolean;
}

type Wanted = Pick<CompiledPolicy, 'whitelist' | 'defaultRegistry'>;

/** `wanted` null: nothing is to be left. */
export function planAdmission(
  wanted: Wanted | null,
  view: AdmissionView,
): readonly AdmissionStep[] {
  const list = planWhitelist(wanted?.whitelist ?? null, view);
  const rewrite = planPair('default-registry', wanted?.defaultRegistry ?? null, view);
  const hasList = find(view, 'ValidatingAdmissionPolicyBinding') !== undefined;
  const keepsList = hasList && (wanted?.whitelist ?? null) !== null;
  const rewriteComes = (wanted?.defaultRegistry ?? null) !== null;
  const listFirst = keepsList ? rewriteComes : (wanted?.whitelist ?? null) === null;
  return listFirst
    ? inTurn({ half: 'whitelist', steps: list }, { half: 'default-registry', steps: rewrite })
    : inTurn({ half: 'default-registry', steps: rewrite }, { half: 'whitelist', steps: list });
}

/** Whether the marks of what is there say that it is this very object. */
export function isMarkedAs(
  { environmentId, contentHash }: Pick<ObservedAdmission, 'environmentId' | 'contentHash'>,
  { metadata }: AdmissionObject,
): boolean {
  return (
    environmentId === metadata.labels[SYNC_MARKS.environmentLabel] &&
    contentHash === metadata.annotations[SYNC_MARKS.contentHashAnnotation]
  );
}

/**
 * The policy to hold while one default registry is exchanged for another: its list allows what
 * either allows, so that no order of the writes refuses a bare name for a moment.
 */
export function widenFor(policy: ImagePolicy, before: ImagePolicy): ImagePolicy {
  if (policy.whitelist === null || before.whitelist === null) return policy;
  const both = [...policy.whitelist, ...before.whitelist];
  return {
    ...policy,
    whitelist: [...new Map(both.map((entry) => [formatPolicyEntry(entry), entry])).values()],
  };
}

interface Part {
  readonly half: PolicyHalf;
  readonly steps: readonly AdmissionStep[];
}

function inTurn(first: Part, second: Part): readonly AdmissionStep[] {
  if (first.steps.length === 0 || second.steps.length === 0) {
    return [...first.steps, ...second.steps];
  }
  return [...first.steps, { action: 'settle', half: first.half }, ...second.steps];
}

function planWhitelist(
  wanted: AdmissionPair | null,
  view: AdmissionView,
): readonly AdmissionStep[] {
  const binding = find(view, 'ValidatingAdmissionPolicyBinding');
  const steps = planPair('whitelist', wanted, view);
  if (wanted === null || binding === undefined || steps.length < 2) return steps;
  const [policy, bound] = steps;
  if (policy === undefined || bound === undefined) return steps;
  const settle = { action: 'settle', half: 'whitelist' } as const;
  const weaker =
    binding.validationActions.includes('Deny') && !actionsOf(wanted.binding.spec).includes('Deny');
  return weaker ? [bound, settle, policy] : [policy, settle, bound];
}

function planPair(
  half: PolicyHalf,
  wanted: AdmissionPair | null,
  view: AdmissionView,
): readonly AdmissionStep[] {
  const [policyKind, bindingKind] = kindsOf[half];
  const policy = find(view, policyKind);
  const binding = find(view, bindingKind);
  if (wanted === null) {
    return [binding, policy].flatMap((found) =>
      found === undefined ? [] : [{ action: 'delete', kind: found.kind, uid: found.uid } as const],
    );
  }
  return [write(wanted.policy, policy, view), write(wanted.binding, binding, view)].flatMap(
    (step) => (step === null ? [] : [step]),
  );
}

function write(
  object: AdmissionObject,
  found: ObservedAdmission | undefined,
  { isCurrent }: AdmissionView,
): AdmissionStep | null {
  if (found === undefined) return { action: 'create', object };
  if (isCurrent(found, object)) return null;
  return { action: 'replace', object, uid: found.uid, resourceVersion: found.resourceVersion };
}

const kindsOf: Readonly<Record<PolicyHalf, readonly [AdmissionKind, AdmissionKind]>> = {
  whitelist: ['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding'],
  'default-registry': ['MutatingAdmissionPolicy', 'MutatingAdmissionPolicyBinding'],
};

function find({ observed }: AdmissionView, kind: AdmissionKind): ObservedAdmission | undefined {
  return observed.find((object) => object.kind === kind);
}

/** Of a binding's spec. */
export function actionsOf(spec: Readonly<Record<string, unknown>>): readonly string[] {
  const { validationActions } = spec;
  return Array.isArray(validationActions) ? validationActions.map(String) : [];
}
