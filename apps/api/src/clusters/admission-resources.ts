/** Where admission policies are in the API of a cluster, and in which version it serves them. */
import type { AdmissionKind } from '@moorage/core';
import { type KubeClient, KubeError, resourcePath } from '@moorage/kube';

const GROUP = 'admissionregistration.k8s.io';

const plurals: Readonly<Record<AdmissionKind, string>> = {
  ValidatingAdmissionPolicy: 'validatingadmissionpolicies',
  ValidatingAdmissionPolicyBinding: 'validatingadmissionpolicybindings',
  MutatingAdmissionPolicy: 'mutatingadmissionpolicies',
  MutatingAdmissionPolicyBinding: 'mutatingadmissionpolicybindings',
};

export type AdmissionVersion = 'v1' | 'v1beta1';

/** Null = not served in a version that we write. */
export interface AdmissionVersions {
  /** v1 since Kubernetes 1.30. */
  readonly validating: AdmissionVersion | null;
  /** v1 since 1.36; v1beta1 in 1.34 and 1.35, off unless somebody switches it on. */
  readonly mutating: AdmissionVersion | null;
}

export function versionOf(
  kind: AdmissionKind,
  versions: AdmissionVersions,
): AdmissionVersion | null {
  return kind.startsWith('Validating') ? versions.validating : versions.mutating;
}

export function apiVersionOf(version: AdmissionVersion): string {
  return `${GROUP}/${version}`;
}

export function admissionPath(
  kind: AdmissionKind,
  version: AdmissionVersion,
  name?: string,
): string {
  return resourcePath.of(apiVersionOf(version), plurals[kind], undefined, name);
}

/**
 * What the cluster says that it serves. That a kind is served does not mean that it is enforced:
 * the admission plugin may be off, which only a dry run shows.
 */
export async function readAdmissionVersions(client: KubeClient): Promise<AdmissionVersions> {
  const [stable, beta] = await Promise.all([served(client, 'v1'), served(client, 'v1beta1')]);
  return {
    validating: stable.has(plurals.ValidatingAdmissionPolicy) ? 'v1' : null,
    mutating: stable.has(plurals.MutatingAdmissionPolicy)
      ? 'v1'
      : beta.has(plurals.MutatingAdmissionPolicy)
        ? 'v1beta1'
        : null,
  };
}

interface ResourceList {
  readonly resources?: readonly { readonly name?: string }[];
}

async function served(client: KubeClient, version: AdmissionVersion): Promise<ReadonlySet<string>> {
  try {
    const list = await client.get<ResourceList>(resourcePath.apiVersion(apiVersionOf(version)));
    return new Set((list.resources ?? []).map(({ name }) => name ?? ''));
  } catch (error) {
    // An API server has no Status for a version that it does not know: "404 page not found".
    if (error instanceof KubeError && error.status === 404) return new Set();
    throw error;
  }
}
