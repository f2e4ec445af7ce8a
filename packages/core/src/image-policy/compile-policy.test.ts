import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ImagePolicy } from './combine-policies.js';
import { compilePolicy, type PolicyScope } from './compile-policy.js';

const scope: PolicyScope = {
  installationId: '7d8f3c1e-0000-4000-8000-000000000001',
  environment: { id: '7d8f3c1e-0000-4000-8000-000000000002', name: 'prod' },
  namespaces: [{ include: ['team-*', 'x'], exclude: ['team-?'], matchLabels: {} }],
  grants: null,
  hash: (text) => createHash('sha256').update(text).digest('hex'),
};
const policy: ImagePolicy = {
  whitelist: [{ registry: 'ghcr.io', path: 'org' }],
  defaultRegistry: { registry: 'ghcr.io', path: 'org' },
  mode: 'enforce',
  defaultRegistryAt: 'pod',
};
const expression = (text: string) => [{ name: 'selected-namespaces', expression: text }];
const conditionOf = (changes: Partial<PolicyScope>) => {
  const spec = compilePolicy(policy, { ...scope, ...changes }).whitelist?.policy.spec;
  return spec?.matchConditions;
};

describe('a compiled policy', () => {
  it('has the name and marks of the contract', () => {
    const { name, whitelist, defaultRegistry } = compilePolicy(policy, scope);
    expect(name).toBe('moorage-7d8f3c1e-prod');
    const objects = [whitelist, defaultRegistry].flatMap((pair) => [pair?.policy, pair?.binding]);
    expect(objects.map((object) => object?.kind)).toEqual([
      'ValidatingAdmissionPolicy',
      'ValidatingAdmissionPolicyBinding',
      'MutatingAdmissionPolicy',
      'MutatingAdmissionPolicyBinding',
    ]);
    for (const object of objects) {
      expect(object?.metadata).toMatchObject({
        name,
        labels: {
          'app.kubernetes.io/managed-by': 'moorage',
          'moorage.dev/installation': scope.installationId,
          'moorage.dev/environment': scope.environment.id,
        },
      });
      expect(object?.metadata.annotations['moorage.dev/content-hash']).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  it('is absent where the whitelist or its mode is off', () => {
    expect(compilePolicy({ ...policy, mode: 'off' }, scope).whitelist).toBeNull();
    expect(compilePolicy({ ...policy, whitelist: null }, scope).whitelist).toBeNull();
    const empty = compilePolicy({ ...policy, whitelist: [] }, scope).whitelist;
    expect(empty?.binding.spec.validationActions).toEqual(['Deny', 'Audit']);
  });

  it('mutates only for a default registry at pods that changes names', () => {
    const mutation = (changes: Partial<ImagePolicy>) =>
      compilePolicy({ ...policy, ...changes }, scope).defaultRegistry;
    expect(mutation({ defaultRegistry: null })).toBeNull();
    expect(mutation({ defaultRegistryAt: 'workload' })).toBeNull();
    expect(mutation({ defaultRegistry: { registry: 'docker.io', path: '' } })).toBeNull();
    expect(mutation({ mode: 'off' })).not.toBeNull();
  });

  it('counts by a library function, or by what is written out for an API server without it', () => {
    const specOf = (positions: 'range' | 'written-out') =>
      JSON.stringify(compilePolicy(policy, { ...scope, positions }).defaultRegistry?.policy.spec);
    expect(specOf('range')).toContain('lists.range(size(l))');
    expect(specOf('written-out')).not.toContain('lists.range');
    expect(specOf('written-out')).toContain('[0, 1, 2, ');
  });

  it('selects namespaces by the globs of its targets within the grants', () => {
    expect(conditionOf({})).toEqual(
      expression(
        "(request.namespace.matches(r'^(?:team-.*|x)$')) && (!(request.namespace.matches(r'^(?:team-.)$')))",
      ),
    );
    const all = { include: ['*'], exclude: [], matchLabels: {} };
    expect(conditionOf({ namespaces: [all] })).toEqual(expression('true'));
    expect(conditionOf({ namespaces: [all], grants: ['a.*'] })).toEqual(
      expression("request.namespace.matches(r'^(?:a\\..*)$')"),
    );
    expect(conditionOf({ namespaces: [] })).toEqual(expression('false'));
    const limited = { include: ['x-*'], exclude: [], matchLabels: {}, grants: ['x-1'] };
    const free = { ...limited, include: ['y'], grants: null };
    expect(conditionOf({ namespaces: [limited, free] })).toEqual(
      expression(
        "((request.namespace.matches(r'^(?:x-.*)$')) && (request.namespace.matches(r'^(?:x-1)$'))) || (request.namespace.matches(r'^(?:y)$'))",
      ),
    );
  });

  it('has a revision that changes with the content', () => {
    const revisionOf = (changes: Partial<ImagePolicy>) =>
      compilePolicy({ ...policy, ...changes }, scope).whitelist?.revision;
    expect(revisionOf({})).toBe(revisionOf({}));
    expect(revisionOf({ whitelist: [{ registry: 'quay.io', path: '' }] })).not.toBe(revisionOf({}));
  });
});
