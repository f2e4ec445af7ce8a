import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type AdmissionObject, formatAdmissionSpec } from './admission-objects.js';
import type { ImagePolicy } from './combine-policies.js';
import { type CompiledPolicy, compilePolicy } from './compile-policy.js';
import {
  type AdmissionStep,
  type AdmissionView,
  actionsOf,
  isMarkedAs,
  type ObservedAdmission,
  planAdmission,
  widenFor,
} from './plan-admission.js';

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const base: ImagePolicy = {
  whitelist: [{ registry: 'ghcr.io', path: '' }],
  defaultRegistry: null,
  mode: 'enforce',
  defaultRegistryAt: 'pod',
};
const compile = (changes: Partial<ImagePolicy> = {}): CompiledPolicy =>
  compilePolicy(
    { ...base, ...changes },
    {
      installationId: '7d8f3c1e-0000-4000-8000-000000000001',
      environment: { id: 'e1', name: 'prod' },
      namespaces: [{ include: ['*'], exclude: [], matchLabels: {} }],
      grants: null,
      hash,
    },
  );
const ghcr = { registry: 'reg.corp', path: '' };
const withDefault = { whitelist: [...(base.whitelist ?? []), ghcr], defaultRegistry: ghcr };

const stored = (object: AdmissionObject): ObservedAdmission => ({
  kind: object.kind,
  uid: `uid of ${object.kind}`,
  resourceVersion: '1',
  environmentId: object.metadata.labels['moorage.dev/environment'] ?? null,
  contentHash: object.metadata.annotations['moorage.dev/content-hash'] ?? null,
  specDigest: hash(formatAdmissionSpec(object.spec)),
  validationActions: actionsOf(object.spec),
});
const objectsOf = ({ whitelist, defaultRegistry }: CompiledPolicy) =>
  [whitelist, defaultRegistry].flatMap((pair) =>
    pair === null ? [] : [pair.policy, pair.binding],
  );
const view = (observed: readonly ObservedAdmission[]): AdmissionView => ({
  observed,
  isCurrent: (found, wanted) =>
    isMarkedAs(found, wanted) && found.specDigest === hash(formatAdmissionSpec(wanted.spec)),
});
const from = (before: CompiledPolicy | null) =>
  view(before === null ? [] : objectsOf(before).map(stored));

const short: Readonly<Record<string, string>> = {
  ValidatingAdmissionPolicy: 'list',
  ValidatingAdmissionPolicyBinding: 'list-binding',
  MutatingAdmissionPolicy: 'rewrite',
  MutatingAdmissionPolicyBinding: 'rewrite-binding',
};
const text = (step: AdmissionStep): string => {
  switch (step.action) {
    case 'settle':
      return `settle ${step.half}`;
    case 'delete':
      return `delete ${short[step.kind]}`;
    default:
      return `${step.action} ${short[step.object.kind]}`;
  }
};
const planned = (wanted: CompiledPolicy | null, seen: AdmissionView) =>
  planAdmission(wanted, seen).map(text);

describe('a plan of admission objects', () => {
  it('makes a policy before its binding and removes it after', () => {
    expect(planned(compile(), from(null))).toEqual(['create list', 'create list-binding']);
    expect(planned(null, from(compile()))).toEqual(['delete list-binding', 'delete list']);
  });

  it('is empty for what is there already, and after it was carried out', () => {
    for (const policy of [compile(), compile(withDefault), compile({ mode: 'warn' })]) {
      expect(planned(policy, from(policy))).toEqual([]);
    }
    expect(planned(null, from(null))).toEqual([]);
    expect(planned(compile({ mode: 'off' }), from(null))).toEqual([]);
  });

  it('writes one object when the mode or only the list changes', () => {
    expect(planned(compile(), from(compile({ mode: 'warn' })))).toEqual(['replace list-binding']);
    expect(planned(compile({ mode: 'warn' }), from(compile()))).toEqual(['replace list-binding']);
    expect(planned(compile({ whitelist: [] }), from(compile()))).toEqual(['replace list']);
  });

  it('tightens last and loosens first when both change', () => {
    const quay = { whitelist: [{ registry: 'quay.io', path: '' }] };
    expect(planned(compile(quay), from(compile({ mode: 'warn' })))).toEqual([
      'replace list',
      'settle whitelist',
      'replace list-binding',
    ]);
    expect(planned(compile({ ...quay, mode: 'warn' }), from(compile()))).toEqual([
      'replace list-binding',
      'settle whitelist',
      'replace list',
    ]);
  });

  it('rewrites bare names before a list first judges them, and as long as one does', () => {
    expect(planned(compile(withDefault), from(null))).toEqual([
      'create rewrite',
      'create rewrite-binding',
      'settle default-registry',
      'create list',
      'create list-binding',
    ]);
    expect(planned(null, from(compile(withDefault)))).toEqual([
      'delete list-binding',
      'delete list',
      'settle whitelist',
      'delete rewrite-binding',
      'delete rewrite',
    ]);
  });

  it('keeps a default registry on the list while names are rewritten to it', () => {
    expect(planned(compile(withDefault), from(compile()))).toEqual([
      'replace list',
      'settle whitelist',
      'create rewrite',
      'create rewrite-binding',
    ]);
    expect(planned(compile(), from(compile(withDefault)))).toEqual([
      'delete rewrite-binding',
      'delete rewrite',
      'settle default-registry',
      'replace list',
    ]);
  });

  it('repairs what was deleted or edited with one write', () => {
    const whole = objectsOf(compile(withDefault)).map(stored);
    for (const [index, object] of whole.entries()) {
      const without = whole.filter((each) => each !== object);
      expect(planned(compile(withDefault), view(without))).toEqual([
        `create ${short[object.kind]}`,
      ]);
      for (const edit of [{ specDigest: 'x' }, { contentHash: null }, { environmentId: 'e2' }]) {
        const edited = whole.map((each, at) => (at === index ? { ...each, ...edit } : each));
        expect(planned(compile(withDefault), view(edited))).toEqual([
          `replace ${short[object.kind]}`,
        ]);
      }
    }
  });

  it('replaces only the very object that was seen', () => {
    const seen = objectsOf(compile({ mode: 'warn' })).map(stored);
    const [step] = planAdmission(compile(), view(seen));
    expect(step).toMatchObject({
      uid: 'uid of ValidatingAdmissionPolicyBinding',
      resourceVersion: '1',
    });
  });
});

describe('formatAdmissionSpec', () => {
  it('does not depend on the order of keys, but on that of lists', () => {
    expect(formatAdmissionSpec({ b: [{ y: 1, x: 2 }], a: null })).toBe(
      formatAdmissionSpec({ a: null, b: [{ x: 2, y: 1 }] }),
    );
    expect(formatAdmissionSpec(['a', 'b'])).not.toBe(formatAdmissionSpec(['b', 'a']));
  });
});

describe('widenFor', () => {
  const list = (...registries: string[]) => registries.map((registry) => ({ registry, path: '' }));
  it('allows what either policy allows, once each', () => {
    const before = { ...base, whitelist: list('a.io', 'b.io') };
    const after = { ...base, whitelist: list('b.io', 'c.io') };
    expect(widenFor(after, before).whitelist).toEqual(list('b.io', 'c.io', 'a.io'));
  });

  it('leaves a list that is off as it is', () => {
    const off = { ...base, whitelist: null };
    expect(widenFor(off, base)).toBe(off);
    expect(widenFor(base, off)).toBe(base);
  });
});
