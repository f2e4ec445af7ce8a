/** What tests of compiled image policies do with a cluster: install, wait until in force, ask. */
import { createHash } from 'node:crypto';
import {
  type AdmissionObject,
  type CompiledPolicy,
  combinePolicies,
  compilePolicy,
  type ImagePolicy,
  type NamespaceSelection,
  parseDefaultRegistry,
  parseWhitelist,
} from '@moorage/core';
import { expect, vi } from 'vitest';
import type { ApiReply, Kubernetes } from '../src/index.js';

/** As people type them. */
export interface PolicyTexts {
  readonly whitelist: string;
  readonly defaultRegistry: string;
}

export function policyOf({ whitelist, defaultRegistry }: PolicyTexts): ImagePolicy {
  const list = parseWhitelist(whitelist);
  const registry = parseDefaultRegistry(defaultRegistry);
  if (!list.ok || !registry.ok) throw new Error('The settings of this test do not parse.');
  const combined = combinePolicies(
    {
      whitelist: list.value,
      defaultRegistry: registry.value,
      mode: 'enforce',
      defaultRegistryAt: 'pod',
    },
    {},
  );
  if (!combined.ok) throw new Error(combined.error.detail);
  return combined.value.policy;
}

export function compileFor(
  environment: string,
  policy: ImagePolicy,
  namespaces: readonly NamespaceSelection[],
): CompiledPolicy {
  return compilePolicy(policy, {
    installationId: '7d8f3c1e-0000-4000-8000-000000000001',
    environment: { id: '7d8f3c1e-0000-4000-8000-000000000002', name: environment },
    namespaces,
    grants: null,
    hash: (text) => createHash('sha256').update(text).digest('hex'),
  });
}

export const selectNames = (...include: string[]): NamespaceSelection => ({
  include,
  exclude: [],
  matchLabels: {},
});

const collections: Readonly<Record<AdmissionObject['kind'], string>> = {
  ValidatingAdmissionPolicy: 'validatingadmissionpolicies',
  ValidatingAdmissionPolicyBinding: 'validatingadmissionpolicybindings',
  MutatingAdmissionPolicy: 'mutatingadmissionpolicies',
  MutatingAdmissionPolicyBinding: 'mutatingadmissionpolicybindings',
};

/** Creates the objects; the API server must store them exactly as they were compiled. */
export async function install(cluster: Kubernetes, compiled: CompiledPolicy): Promise<void> {
  for (const pair of [compiled.defaultRegistry, compiled.whitelist]) {
    for (const object of pair === null ? [] : [pair.policy, pair.binding]) {
      const path = `/apis/${object.apiVersion}/${collections[object.kind]}`;
      const reply = await cluster.call({ method: 'POST', path, body: object });
      expect(reply.status, reply.text).toBe(201);
      expect(reply.headers.warning).toBeUndefined();
      expect(reply.json).toMatchObject({ metadata: object.metadata });
      expect((reply.json as { spec: unknown }).spec).toEqual(object.spec);
    }
  }
}

/** The documented way to know: a dry run that must be refused, by the revision expected. */
export async function untilInForce(
  cluster: Kubernetes,
  namespace: string,
  compiled: CompiledPolicy,
): Promise<void> {
  const revision = compiled.whitelist?.revision ?? 'no whitelist';
  await eventually(async () => {
    const reply = await dryRunPod(cluster, namespace, podSpec(['never.invalid/x']));
    expect(`${reply.headers.warning} ${reply.text}`).toContain(revision);
  });
  if (compiled.defaultRegistry === null) return;
  await eventually(async () => {
    const reply = await dryRunPod(cluster, namespace, podSpec(['bare']));
    expect(imagesOf(reply)).not.toContain('bare');
  });
}

/** Policies come into force within a second or two after their creation. */
export const eventually = (check: () => Promise<void>) =>
  vi.waitFor(check, { timeout: 20_000, interval: 50 });

export const podSpec = (images: readonly string[]) => ({
  containers: images.map((image, index) => ({ name: `c${index}`, image })),
});

export function dryRunPod(
  cluster: Kubernetes,
  namespace: string,
  spec: Readonly<Record<string, unknown>>,
): Promise<ApiReply> {
  const body = { metadata: { generateName: 'p-' }, spec };
  return cluster.call({
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/pods?dryRun=All`,
    body,
  });
}

/** The images of a pod's containers as the API server answered them. */
export function imagesOf(reply: ApiReply): readonly string[] {
  const { spec } = reply.json as { spec?: { containers?: { image: string }[] } };
  return (spec?.containers ?? []).map(({ image }) => image);
}
