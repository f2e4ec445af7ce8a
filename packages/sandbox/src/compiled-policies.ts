/**
 * Image policies as packages/core compiles them, read back from what a client has stored: the
 * simulated API has no CEL of its own, and asks core's decision in its place. A policy of another
 * shape is stored and not acted on.
 */
import { type PolicyEntry, parsePolicyEntry, type Whitelist } from '@moorage/core';
import { type ApiResource, findResource } from './api-resources.js';
import { type Condition, parseCondition } from './cel-conditions.js';
import { isRecord, type JsonRecord, type KubeObject, textOf } from './kube-object.js';
import type { ObjectStore } from './object-store.js';

export interface JudgingPolicy {
  readonly name: string;
  readonly selects: Condition;
  readonly whitelist: Whitelist;
  /** What bare names in templates get in front; null = Docker Hub. */
  readonly templateRegistry: PolicyEntry | null;
  readonly environment: string;
  /** Ends the message: name and revision. */
  readonly signature: string;
  readonly action: 'deny' | 'warn';
}

export interface RewritingPolicy {
  readonly name: string;
  readonly selects: Condition;
  readonly registry: PolicyEntry;
}

/** With a binding, in the order of their names. */
export function judgingPolicies(store: ObjectStore): readonly JudgingPolicy[] {
  return bound(store, 'validatingadmissionpolicies').flatMap(({ policy, binding }) => {
    const read = readJudging(policy, binding);
    return read === null ? [] : [read];
  });
}

export function rewritingPolicies(store: ObjectStore): readonly RewritingPolicy[] {
  return bound(store, 'mutatingadmissionpolicies').flatMap(({ policy }) => {
    const read = readRewriting(policy);
    return read === null ? [] : [read];
  });
}

interface Bound {
  readonly policy: KubeObject;
  readonly binding: KubeObject;
}

function bound(
  store: ObjectStore,
  plural: 'validatingadmissionpolicies' | 'mutatingadmissionpolicies',
): readonly Bound[] {
  const policies = resourceOf(plural);
  const bindings = resourceOf(plural.replace('policies', 'policybindings'));
  return store.list({ resource: bindings, namespace: '' }).flatMap((binding) => {
    const name = textOf(specOf(binding).policyName);
    const policy = name === undefined ? undefined : store.get(policies, '', name);
    return policy === undefined ? [] : [{ policy, binding }];
  });
}

function resourceOf(plural: string): ApiResource {
  const resource = findResource('admissionregistration.k8s.io', 'v1', plural);
  if (resource === undefined) throw new Error(`the simulated API has no ${plural}`);
  return resource;
}

const environmentPattern = /whitelist of environment ([a-z0-9-]+) allows/;
const signaturePattern = /\[(moorage-[^\]"]+)\]/;
const templatePrefixPattern =
  /request\.kind\.kind == 'Pod' \? "docker\.io\/" : ("(?:[^"\\]|\\.)*")/;
const patchPrefixPattern = /value: ("(?:[^"\\]|\\.)*") \+ string/;

function readJudging(policy: KubeObject, binding: KubeObject): JudgingPolicy | null {
  const variables = variablesOf(policy);
  const selects = selectionOf(policy, variables);
  const judged = variables.get('judged');
  const [validation] = listOf(specOf(policy).validations);
  const message = textOf(validation?.messageExpression) ?? '';
  const environment = environmentPattern.exec(message)?.[1];
  const signature = signaturePattern.exec(message)?.[1];
  const actions = specOf(binding).validationActions;
  const entries = entriesOf(variables);
  if (selects === null || judged === undefined || entries === null) return null;
  if (environment === undefined || signature === undefined || !Array.isArray(actions)) return null;
  return {
    name: policy.metadata.name,
    selects,
    whitelist: entries,
    templateRegistry: entryOf(quoted(templatePrefixPattern.exec(judged)?.[1])),
    environment,
    signature,
    action: actions.includes('Deny') ? 'deny' : 'warn',
  };
}

function readRewriting(policy: KubeObject): RewritingPolicy | null {
  const variables = variablesOf(policy);
  const selects = selectionOf(policy, variables);
  const [mutation] = listOf(specOf(policy).mutations);
  const patch = isRecord(mutation?.jsonPatch) ? textOf(mutation.jsonPatch.expression) : undefined;
  const registry = entryOf(quoted(patchPrefixPattern.exec(patch ?? '')?.[1]));
  if (selects === null || registry === null) return null;
  return { name: policy.metadata.name, selects, registry };
}

function selectionOf(policy: KubeObject, variables: ReadonlyMap<string, string>): Condition | null {
  const [condition] = listOf(specOf(policy).matchConditions);
  const byName = parseCondition(textOf(condition?.expression) ?? 'true');
  const byLabels = parseCondition(variables.get('selected') ?? 'true');
  if (byName === null || byLabels === null) return null;
  return (namespace) => byName(namespace) && byLabels(namespace);
}

/** Map literals of CEL that are JSON as well: `{"ghcr.io/org/": true, …}`. */
function entriesOf(variables: ReadonlyMap<string, string>): Whitelist | null {
  const entries: PolicyEntry[] = [];
  for (const [name, expression] of variables) {
    if (!/^allowed\d+$/.test(name)) continue;
    const table: unknown = JSON.parse(expression);
    if (!isRecord(table)) return null;
    for (const key of Object.keys(table)) {
      const entry = entryOf(key);
      if (entry === null) return null;
      entries.push(entry);
    }
  }
  return entries;
}

function entryOf(text: string | null): PolicyEntry | null {
  if (text === null) return null;
  const parsed = parsePolicyEntry(text.replace(/\/$/, ''));
  return parsed.ok ? parsed.value : null;
}

function quoted(text: string | undefined): string | null {
  const value: unknown = text === undefined ? null : JSON.parse(text);
  return typeof value === 'string' ? value : null;
}

function variablesOf(policy: KubeObject): ReadonlyMap<string, string> {
  return new Map(
    listOf(specOf(policy).variables).map(({ name, expression }) => [
      String(name),
      String(expression),
    ]),
  );
}

function specOf(object: KubeObject): JsonRecord {
  return isRecord(object.spec) ? object.spec : {};
}

function listOf(value: unknown): readonly JsonRecord[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
