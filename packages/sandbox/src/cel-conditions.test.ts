import { buildNamespaceSelector, compilePolicy, type GrantedSelection } from '@moorage/core';
import { describe, expect, it } from 'vitest';
import { parseCondition } from './cel-conditions.js';

const namespaces = ['a', 'team-a', 'team-b', 'team-ab', 'kube-system', 'x'].flatMap((name) =>
  [{}, { tier: 'prod' }, { tier: 'test', "o'clock": '"x"' }].map((labels) => ({ name, labels })),
);

function conditionOf(...selections: readonly GrantedSelection[]) {
  const { whitelist } = compilePolicy(
    {
      whitelist: [],
      defaultRegistry: null,
      mode: 'enforce',
      defaultRegistryAt: 'workload',
    },
    {
      installationId: 'i',
      environment: { id: 'e', name: 'e' },
      namespaces: selections,
      grants: null,
      hash: () => 'x'.repeat(12),
    },
  );
  if (whitelist === null) throw new Error('the policy of this test has no whitelist');
  const { matchConditions, variables } = whitelist.policy.spec as {
    matchConditions: { expression: string }[];
    variables: { name: string; expression: string }[];
  };
  const byName = parseCondition(matchConditions[0]?.expression ?? '');
  const selected = variables.find(({ name }) => name === 'selected')?.expression ?? 'true';
  const byLabels = parseCondition(selected);
  if (byName === null || byLabels === null) throw new Error('what core compiles is not read');
  return (namespace: (typeof namespaces)[number]) => byName(namespace) && byLabels(namespace);
}

describe('parseCondition', () => {
  const all = { include: ['*'], exclude: [], matchLabels: {} };
  it.each<readonly [string, readonly GrantedSelection[]]>([
    ['everything', [all]],
    ['nothing', []],
    ['globs', [{ ...all, include: ['team-*', 'x'] }]],
    ['globs without some', [{ ...all, exclude: ['kube-*', 'team-?'] }]],
    ['labels', [{ ...all, matchLabels: { tier: 'prod' } }]],
    ['labels that need quoting', [{ ...all, matchLabels: { "o'clock": '"x"' } }]],
    ['grants', [{ ...all, grants: ['team-a*'] }]],
    [
      'several selections',
      [
        { include: ['team-*'], exclude: ['team-b'], matchLabels: {}, grants: ['*b'] },
        { ...all, include: ['x'], matchLabels: { tier: 'test' } },
      ],
    ],
  ])('reads what core compiles for %s and selects the same', (_, selections) => {
    const selects = conditionOf(...selections);
    const expected = selections.map((each) => buildNamespaceSelector(each, each.grants ?? null));
    for (const namespace of namespaces) {
      expect(selects(namespace), JSON.stringify(namespace)).toBe(
        expected.some((selector) => selector(namespace)),
      );
    }
  });

  it.each([
    "request.namespace == 'a'",
    "request.namespace.matches(r'^a$') && object.spec.x",
    "(request.namespace.matches(r'^a$')",
    'true)',
    '!true',
    '',
  ])('does not act on %j', (expression) => {
    expect(parseCondition(expression)).toBeNull();
  });
});
