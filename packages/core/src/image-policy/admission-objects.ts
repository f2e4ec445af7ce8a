/**
 * Admission policies as plain objects, with every default of the API server spelled out, so that
 * what a cluster stores can be compared with what was compiled.
 *
 * Source: Kubernetes API `admissionregistration.k8s.io/v1` (ValidatingAdmissionPolicy since 1.30,
 * MutatingAdmissionPolicy since 1.36).
 */
export const admissionKinds = [
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'MutatingAdmissionPolicy',
  'MutatingAdmissionPolicyBinding',
] as const;
export type AdmissionKind = (typeof admissionKinds)[number];

export interface AdmissionObject {
  readonly apiVersion: 'admissionregistration.k8s.io/v1';
  readonly kind: AdmissionKind;
  readonly metadata: {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
  readonly spec: Readonly<Record<string, unknown>>;
}

export interface AdmissionPair {
  readonly policy: AdmissionObject;
  readonly binding: AdmissionObject;
}

/** The same text for the same content, whatever the order of its keys: what was stored and what was meant. */
export function formatAdmissionSpec(spec: unknown): string {
  return JSON.stringify(spec, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

export interface ResourceRule {
  readonly apiGroups: readonly string[];
  readonly apiVersions: readonly string[];
  readonly operations: readonly ('CREATE' | 'UPDATE')[];
  readonly resources: readonly string[];
  readonly scope: 'Namespaced';
}

export function resourceRule(
  apiGroup: string,
  resources: readonly string[],
  operations: ResourceRule['operations'] = ['CREATE', 'UPDATE'],
): ResourceRule {
  return { apiGroups: [apiGroup], apiVersions: ['v1'], operations, resources, scope: 'Namespaced' };
}

export function matchResources(rules: readonly ResourceRule[]): Readonly<Record<string, unknown>> {
  return {
    matchPolicy: 'Equivalent',
    namespaceSelector: {},
    objectSelector: {},
    resourceRules: rules,
  };
}
