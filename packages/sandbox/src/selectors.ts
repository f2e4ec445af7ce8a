/**
 * Label and field selectors of lists and watches.
 *
 * Labels: requirements joined by commas: `k`, `!k`, `k=v`, `k==v`, `k!=v`, `k in (a,b)`,
 * `k notin (a,b)` (k8s.io/apimachinery/pkg/labels). Fields: `path=value`, `path!=value` for the
 * paths that a kind supports. Not handled: the numeric `gt` and `lt`.
 */
import type { ApiResource } from './api-resources.js';
import { isRecord, type KubeObject } from './kube-object.js';
import { badRequest } from './status.js';

export type Selector = (object: KubeObject) => boolean;

const everything: Selector = () => true;

export function parseLabelSelector(text: string): Selector {
  if (text.trim() === '') return everything;
  const requirements = splitOutsideParentheses(text).map(parseRequirement);
  return ({ metadata }) => requirements.every((holds) => holds(metadata.labels ?? {}));
}

type Labels = Readonly<Record<string, string>>;
type Requirement = (labels: Labels) => boolean;

const setRequirement = /^(\S+)\s+(in|notin)\s*\(([^()]*)\)$/;
const equalityRequirement = /^([^\s=!]+)\s*(==|=|!=)\s*(\S*)$/;

function parseRequirement(text: string): Requirement {
  const set = setRequirement.exec(text);
  if (set !== null) return setHolds(set[1] ?? '', set[2] === 'in', set[3] ?? '');
  const equality = equalityRequirement.exec(text);
  if (equality !== null) {
    const [, key = '', operator, value = ''] = equality;
    return operator === '!='
      ? (labels) => labels[key] !== value
      : (labels) => labels[key] === value;
  }
  const words = text.split(/\s+/);
  if (words.length > 1) {
    const expected = 'in, notin, =, ==, !=, gt, lt';
    throw badRequest(`unable to parse requirement: found '${words[1]}', expected: ${expected}`);
  }
  if (text.startsWith('!')) return (labels) => !Object.hasOwn(labels, text.slice(1).trim());
  return (labels) => Object.hasOwn(labels, text);
}

function setHolds(key: string, wanted: boolean, list: string): Requirement {
  const values = new Set(list.split(',').map((value) => value.trim()));
  return (labels) => {
    const value = labels[key];
    return value === undefined ? !wanted : values.has(value) === wanted;
  };
}

function splitOutsideParentheses(text: string): string[] {
  const parts = text.split(/,(?![^(]*\))/);
  return parts.map((part) => part.trim());
}

/** Beyond metadata.name and metadata.namespace. */
const moreFields: Readonly<Record<string, readonly string[]>> = {
  Event: [
    'reason',
    'type',
    'involvedObject.kind',
    'involvedObject.name',
    'involvedObject.namespace',
  ],
  Namespace: ['status.phase'],
  Secret: ['type'],
  Pod: ['spec.nodeName', 'spec.serviceAccountName', 'status.phase'],
};

export function parseFieldSelector(resource: ApiResource, text: string): Selector {
  if (text.trim() === '') return everything;
  const terms = text.split(',').map((term) => {
    const match = /^([^=!]+)(==|=|!=)(.*)$/.exec(term.trim());
    if (match === null) throw badRequest(`invalid selector: '${text}'; can't understand '${term}'`);
    const [, path = '', operator, value = ''] = match;
    const known = ['metadata.name', ...(resource.namespaced ? ['metadata.namespace'] : [])];
    if (![...known, ...(moreFields[resource.kind] ?? [])].includes(path)) {
      throw badRequest(`field label not supported: ${path}`);
    }
    return { path: path.split('.'), equal: operator !== '!=', value };
  });
  return (object) =>
    terms.every(({ path, equal, value }) => (fieldAt(object, path) === value) === equal);
}

function fieldAt(object: KubeObject, path: readonly string[]): string {
  let value: unknown = object;
  for (const part of path) value = isRecord(value) ? value[part] : undefined;
  return typeof value === 'string' ? value : '';
}
