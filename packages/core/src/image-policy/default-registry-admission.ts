/**
 * The default registry as MutatingAdmissionPolicy: each new pod's bare image names get it in
 * front, templates keep what their authors wrote (no drift for GitOps).
 *
 * An update of a pod touches only names that the update brings in: a running pod must not be
 * rewritten because somebody edits a label. Image volumes cannot change after creation. The
 * result names a registry, so a second round (`IfNeeded`, for sidecars that others add) adds
 * nothing. Names that only look bare (an image id, an empty name) stay as they are.
 */
import { type ResourceRule, resourceRule } from './admission-objects.js';
import { celString } from './cel-text.js';
import { formatPolicyEntry, type PolicyEntry } from './policy-entry.js';
import { celIsImageId, celNamesRegistry } from './reference-cel.js';
import type { CelVariable } from './whitelist-admission.js';

export const defaultRegistryRules: readonly ResourceRule[] = [
  resourceRule('', ['pods']),
  resourceRule('', ['pods/ephemeralcontainers'], ['UPDATE']),
];

const lists = ['containers', 'initContainers', 'ephemeralContainers'] as const;

/**
 * Positions in a list. Kubernetes takes `lists.range` since 1.35 (its CEL library "lists"); before,
 * they are written out, and a pod's containers beyond them keep their bare names.
 */
export type CelPositions = 'range' | 'written-out';

/** No pod has so many containers; the API server's own limit is what fits into 1.5 MiB. */
const writtenOut = 500;

export function defaultRegistryVariables(positions: CelPositions): readonly CelVariable[] {
  const containersOf = (list: string) => `s.?${list}.orValue([])`;
  return [
    {
      name: 'specs',
      expression: `[dyn(object), dyn(oldObject)].map(o, o == null ? dyn({}) : o.?spec.orValue({}))`,
    },
    {
      name: 'known',
      expression: `[variables.specs[1]].map(s, (${lists.map(containersOf).join(' + ')}).map(c, c.?image.orValue('')))[0]`,
    },
    ...(positions === 'range'
      ? []
      : [
          {
            name: 'positions',
            expression: `[${Array.from({ length: writtenOut }, (_, index) => index).join(', ')}]`,
          },
        ]),
    { name: 'onEphemeral', expression: `request.?subResource.orValue('') != ''` },
  ];
}

export function defaultRegistryPatch(
  defaultRegistry: PolicyEntry,
  positions: CelPositions,
): string {
  const prefix = `${formatPolicyEntry(defaultRegistry)}/`;
  const range =
    positions === 'range' ? 'lists.range(size(l))' : 'variables.positions.filter(k, k < size(l))';
  const patch = (list: string, field: string, path: string, when: string) =>
    `(${when} ? [variables.specs[0].?${list}.orValue([])].map(l, ${range}.filter(k, l[k].?${field}.orValue('') != '').filter(k, ${isNewBareName(`l[k].${field.replaceAll('?', '')}`)}).map(k, JSONPatch{op: 'replace', path: '/spec/${list}/' + string(k) + '/${path}', value: ${celString(prefix)} + string(l[k].${field.replaceAll('?', '')})}))[0] : [])`;
  return [
    patch('containers', 'image', 'image', '!variables.onEphemeral'),
    patch('initContainers', 'image', 'image', '!variables.onEphemeral'),
    patch('ephemeralContainers', 'image', 'image', 'variables.onEphemeral'),
    patch('volumes', 'image.?reference', 'image/reference', `request.operation == 'CREATE'`),
  ].join(' + ');
}

function isNewBareName(name: string): string {
  return `!(${name} in variables.known) && !${celNamesRegistry(name)} && !${celIsImageId(name)}`;
}
