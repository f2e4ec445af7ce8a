import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import type { ImagePolicy } from './combine-policies.js';
import { exportPolicy, type PolicyEngine } from './export-policy.js';
import type { ExportScope } from './exported-policy.js';
import { parseDefaultRegistry, parseWhitelist } from './whitelist.js';

const scope: ExportScope = {
  environment: 'shop',
  namespaces: [
    { include: ['shop', 'team-*'], exclude: ['team-x'], matchLabels: {} },
    { include: ['*'], exclude: [], matchLabels: { tier: 'web' }, grants: ['web-?'] },
  ],
  hash: (text) => `${text.length}`.padStart(64, '0'),
};

function policy(whitelist: string, prefix = '', rest: Partial<ImagePolicy> = {}): ImagePolicy {
  const list = parseWhitelist(whitelist);
  const entry = parseDefaultRegistry(prefix);
  if (!list.ok || !entry.ok) throw new Error(whitelist);
  return {
    ...{ whitelist: list.value, defaultRegistry: entry.value },
    ...{ mode: 'enforce', defaultRegistryAt: 'pod', ...rest },
  };
}

const full = policy('ghcr.io/org,reg.corp:5000/proxy', 'reg.corp:5000/proxy');

function documents(engine: PolicyEngine, of: ImagePolicy): Record<string, unknown>[] {
  return exportPolicy(engine, of, scope).files.flatMap(({ content }) =>
    parseAllDocuments(content).map((document) => document.toJS() as Record<string, unknown>),
  );
}
/** Of the file for an older Kyverno. */
const clusterPolicies = (of: ImagePolicy) =>
  documents('kyverno', of).filter(({ kind }) => kind === 'ClusterPolicy');

function specOf(object: Record<string, unknown> | undefined): Record<string, unknown> {
  return object?.spec as Record<string, unknown>;
}
interface Rule {
  readonly name: string;
  readonly match: { readonly all: readonly object[] };
  readonly exclude?: object;
}
const codes = (engine: PolicyEngine, of: ImagePolicy) =>
  exportPolicy(engine, of, scope).notExpressible.map(({ code }) => code);

describe('an export', () => {
  it.each(['kubernetes', 'kyverno', 'gatekeeper'] as const)(
    'for %s carries no mark of ours: it belongs to whoever applies it',
    (engine) => {
      const objects = documents(engine, full);
      expect(objects.length).toBeGreaterThan(1);
      expect(JSON.stringify(objects)).not.toContain('moorage.dev/');
      expect(JSON.stringify(objects)).not.toContain('managed-by');
    },
  );

  it.each(['kubernetes', 'kyverno', 'gatekeeper'] as const)(
    'for %s of a policy that is off holds nothing and says so',
    (engine) => {
      const off = policy('ghcr.io', '', { mode: 'off' });
      expect(exportPolicy(engine, off, scope).files).toEqual([]);
      expect(codes(engine, off)).toEqual(['policy.off']);
      expect(codes(engine, policy(''))).toEqual(['policy.off']);
    },
  );
});

describe('for Kubernetes', () => {
  it('rewrites first and refuses then, each with its binding', () => {
    expect(documents('kubernetes', full).map(({ kind }) => kind)).toEqual([
      'MutatingAdmissionPolicy',
      'MutatingAdmissionPolicyBinding',
      'ValidatingAdmissionPolicy',
      'ValidatingAdmissionPolicyBinding',
    ]);
    expect(codes('kubernetes', full)).toEqual(['kubernetes.mutation-needs-1.36']);
    expect(codes('kubernetes', policy('ghcr.io'))).toEqual([]);
  });
});

describe('for Kyverno', () => {
  it('holds the very expressions of the compiled whitelist, without copies for other kinds', () => {
    const [native] = documents('kubernetes', policy('ghcr.io'));
    const [kyverno] = clusterPolicies(policy('ghcr.io'));
    const { variables, validations, matchConditions } = specOf(native);
    expect(kyverno).toMatchObject({
      metadata: { annotations: { 'pod-policies.kyverno.io/autogen-controllers': 'none' } },
      spec: {
        validationFailureAction: 'Enforce',
        failurePolicy: 'Fail',
        rules: [
          {
            celPreconditions: matchConditions,
            validate: { cel: { variables, expressions: validations } },
          },
        ],
      },
    });
  });

  it('holds the compiled policies as they are where Kyverno has kinds for them', () => {
    const natives = documents('kubernetes', full).map(specOf);
    const policies = documents('kyverno', full).slice(0, 2);
    expect(policies).toMatchObject([
      { kind: 'MutatingPolicy', spec: natives[0] },
      { kind: 'ValidatingPolicy', spec: { ...natives[2], validationActions: ['Deny'] } },
    ]);
    for (const each of policies) {
      expect(specOf(each).autogen).toEqual({ podControllers: { controllers: [] } });
    }
  });

  it('rewrites what each target selects and leaves what it leaves out', () => {
    const [mutating] = clusterPolicies(full);
    const rules = specOf(mutating).rules as Rule[];
    expect(rules.map(({ name }) => name)).toEqual([
      ...['containers-0', 'init-containers-0', 'ephemeral-containers-0', 'image-volumes-0'],
      ...['containers-1', 'init-containers-1', 'ephemeral-containers-1', 'image-volumes-1'],
    ]);
    expect(rules[0]).toMatchObject({
      match: { all: [{ resources: { namespaces: ['shop', 'team-*'] } }] },
      exclude: { any: [{ resources: { namespaces: ['team-x'] } }] },
    });
    expect(rules[4]?.exclude).toBeUndefined();
    expect(rules[4]?.match.all).toMatchObject([
      { resources: { namespaces: ['*'] } },
      { resources: { namespaces: ['web-?'] } },
      { resources: { namespaceSelector: { matchLabels: { tier: 'web' } } } },
    ]);
  });

  it('only warns where the policy does', () => {
    const warning = policy('ghcr.io', '', { mode: 'warn' });
    expect(documents('kyverno', warning)).toMatchObject([
      { spec: { validationActions: ['Warn'] } },
      { spec: { validationFailureAction: 'Audit', emitWarning: true } },
    ]);
  });

  it('says that it is a call-out with exceptions of its own', () => {
    expect(codes('kyverno', full)).toEqual(['kyverno.call-out', 'kyverno.exceptions']);
  });
});

describe('for Gatekeeper', () => {
  it('has one template and a constraint for each target', () => {
    const [template, first, second] = documents('gatekeeper', full);
    expect(template).toMatchObject({
      kind: 'ConstraintTemplate',
      metadata: { name: 'moorageimagepolicy' },
      spec: { crd: { spec: { names: { kind: 'MoorageImagePolicy' } } } },
    });
    expect(first).toMatchObject({
      spec: {
        enforcementAction: 'deny',
        parameters: {
          allowed: ['ghcr.io/org', 'reg.corp:5000/proxy'],
          included: '^(?:shop|team-.*)$',
          excluded: '^(?:team-x)$',
          granted: '^(?:.*)$',
        },
      },
    });
    expect(second).toMatchObject({
      spec: {
        match: { namespaceSelector: { matchLabels: { tier: 'web' } } },
        parameters: { included: '^(?:.*)$', excluded: '^(?:)$', granted: '^(?:web-.)$' },
      },
    });
  });

  it('keeps its program as it is written, whatever YAML makes of it', () => {
    const [file] = exportPolicy('gatekeeper', full, scope).files;
    const { rego } = parse(file?.content ?? '').spec.targets[0];
    expect(rego).toContain('\nviolation[{"msg": msg}] {\n');
    expect(file?.content).toContain('rego: |');
  });

  it('says that it cannot rewrite, and that it fails open', () => {
    const always = ['gatekeeper.fails-open', 'gatekeeper.subresources'];
    expect(codes('gatekeeper', full)).toEqual(['gatekeeper.default-registry', ...always]);
    expect(codes('gatekeeper', policy('ghcr.io', '', { mode: 'warn' }))).toEqual(always);
    expect(codes('gatekeeper', policy('', 'reg.corp'))).toEqual([
      'policy.off',
      'gatekeeper.default-registry',
    ]);
  });
});
