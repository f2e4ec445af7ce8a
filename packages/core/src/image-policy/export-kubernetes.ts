/** The export for the API server itself: what sync would write, without its marks. */
import type { AdmissionPair } from './admission-objects.js';
import type { ImagePolicy } from './combine-policies.js';
import {
  compileForExport,
  describeOff,
  type ExportedPolicy,
  type ExportScope,
  rewritesPods,
  yamlFile,
} from './exported-policy.js';

export function exportKubernetes(policy: ImagePolicy, scope: ExportScope): ExportedPolicy {
  const { whitelist, defaultRegistry } = compileForExport(policy, scope);
  const file = (path: string, since: string, pair: AdmissionPair | null) =>
    pair === null
      ? []
      : [
          yamlFile(
            path,
            [`Needs Kubernetes ${since} or newer.`],
            [pair.policy, pair.binding].map(withoutMarks),
          ),
        ];
  return {
    files: [
      // First: names are rewritten before a whitelist is asked for them.
      ...file('mutating-admission-policy.yaml', '1.36', defaultRegistry),
      ...file('validating-admission-policy.yaml', '1.30', whitelist),
    ],
    notExpressible: [
      ...describeOff(policy),
      ...(rewritesPods(policy)
        ? [
            {
              code: 'kubernetes.mutation-needs-1.36',
              detail:
                'MutatingAdmissionPolicy is served by Kubernetes 1.36 and newer. Where it is not, bare names in pods stay Docker Hub’s and the whitelist judges them so.',
            },
          ]
        : []),
    ],
  };
}

function withoutMarks({ metadata, ...object }: AdmissionPair['policy']) {
  const { apiVersion, kind, spec } = object;
  return { apiVersion, kind, metadata: { name: metadata.name }, spec };
}
