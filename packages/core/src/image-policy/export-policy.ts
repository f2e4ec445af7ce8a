/**
 * An image policy as files for a cluster that Moorage does not write it to: because the cluster
 * cannot hold it (ValidatingAdmissionPolicy came with Kubernetes 1.30), or because somebody else
 * applies what runs there. One model for every engine; what an engine cannot say is said instead.
 *
 * The objects carry none of our marks: they belong to whoever applies them, and sync leaves them.
 */
import type { ImagePolicy } from './combine-policies.js';
import { exportGatekeeper } from './export-gatekeeper.js';
import { exportKubernetes } from './export-kubernetes.js';
import { exportKyverno } from './export-kyverno.js';
import type { ExportedPolicy, ExportScope } from './exported-policy.js';

export const policyEngines = ['kubernetes', 'kyverno', 'gatekeeper'] as const;
export type PolicyEngine = (typeof policyEngines)[number];

export function exportPolicy(
  engine: PolicyEngine,
  policy: ImagePolicy,
  scope: ExportScope,
): ExportedPolicy {
  switch (engine) {
    case 'kubernetes':
      return exportKubernetes(policy, scope);
    case 'kyverno':
      return exportKyverno(policy, scope);
    case 'gatekeeper':
      return exportGatekeeper(policy, scope);
  }
}
