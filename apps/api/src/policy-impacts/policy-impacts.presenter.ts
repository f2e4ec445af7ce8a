import type { PolicyImpact, PolicyRefusal } from '@moorage/contract';
import { formatDefaultRegistry, type PolicyMode, refusalsMax, strongerMode } from '@moorage/core';
import type { Assessment, ClusterImpact, Part } from './policy-impacts.service.js';

/** Counted once for each environment that reaches a workload, as each of them may refuse it. */
export function presentImpact(
  { changes, clusters, lockOuts }: Assessment,
  { name, value }: { readonly name: string; readonly value: string | null },
): PolicyImpact {
  const parts = clusters.flatMap((cluster) => cluster.parts);
  const refusals = clusters
    .flatMap(refusalsOf)
    .toSorted((a, b) => Number(a.refusedAlready) - Number(b.refusedAlready));
  const kept = refusals.slice(0, refusalsMax);
  const modes = changes.map(({ after }) => after.mode);
  return {
    name,
    value,
    mode: modes.reduce<PolicyMode>(strongerMode, 'off'),
    complete: isComplete(clusters),
    workloads: sum(parts, (counts) => counts.workloads),
    images: new Set(parts.flatMap(({ tally }) => [...tally.images])).size,
    refusedWorkloads: sum(parts, (counts) => counts.refusedWorkloads),
    newlyRefused: sum(parts, (counts) => counts.newlyRefused),
    refusals: kept,
    truncated: kept.length < sum(parts, (counts) => counts.refusals),
    clusters: clusters.map((cluster) => ({
      clusterId: cluster.clusterId,
      clusterName: cluster.clusterName,
      simulated: cluster.simulated,
      state: cluster.state,
      detail: cluster.detail,
      namespaces: new Set(cluster.parts.flatMap(({ namespaces }) => namespaces)).size,
      workloads: sum(cluster.parts, (counts) => counts.workloads),
      refusals: sum(cluster.parts, (counts) => counts.refusals),
    })),
    warnings: [
      ...lockOuts.map(({ code, detail }) => ({ code, detail })),
      ...clusters.flatMap(describeLimits),
      ...clusters.flatMap(describeRewrites),
    ],
  };
}

export function isComplete(clusters: readonly ClusterImpact[]): boolean {
  return clusters.every(({ state }) => state === 'read');
}

function refusalsOf({ clusterId, clusterName, parts }: ClusterImpact): PolicyRefusal[] {
  return parts.flatMap(({ change: { environmentId, environmentName }, tally }) =>
    tally.refusals.map(({ namespace, workload, image, registry, reason, refusedAlready }) => ({
      ...{ environmentId, environmentName, clusterId, clusterName, namespace },
      ...{ workload: { ...workload }, image, registry, reason, refusedAlready },
    })),
  );
}

function sum(parts: readonly Part[], count: (counts: Part['tally']['counts']) => number): number {
  return parts.reduce((total, { tally }) => total + count(tally.counts), 0);
}

/** What a cluster cannot do of what the policy asks. */
function describeLimits({ cluster, clusterName, parts }: ClusterImpact) {
  if (cluster === null) return [];
  const { refusesImages, rewritesPods } = cluster;
  const hasWhitelist = parts.some(
    ({ change: { after } }) => after.whitelist !== null && after.mode !== 'off',
  );
  const wantsRewrites = parts.some(
    ({ change: { after } }) => after.defaultRegistry !== null && after.defaultRegistryAt === 'pod',
  );
  return [
    ...(hasWhitelist && !refusesImages
      ? [
          {
            code: 'cluster.cannot-refuse',
            detail: `Cluster ${clusterName} does not serve ValidatingAdmissionPolicy (Kubernetes 1.30 or newer does): nothing is refused there unless you apply an export of the policy.`,
          },
        ]
      : []),
    ...(wantsRewrites && !rewritesPods
      ? [
          {
            code: 'cluster.cannot-rewrite',
            detail: `Cluster ${clusterName} does not serve MutatingAdmissionPolicy (Kubernetes 1.36 or newer does): bare image names in new pods stay Docker Hub's there, and a whitelist judges them so.`,
          },
        ]
      : []),
  ];
}

// As many as a sentence holds.
const SHOWN_IMAGES = 5;

/** Where bare names would be pulled from somewhere else from now on. */
function describeRewrites({ clusterName, parts }: ClusterImpact) {
  return parts.flatMap(({ change: { before, after, environmentName }, tally }) => {
    const isKnown =
      before?.defaultRegistryAt === 'pod' &&
      formatDefaultRegistry(before.defaultRegistry) ===
        formatDefaultRegistry(after.defaultRegistry);
    const { rewrittenWorkloads } = tally.counts;
    if (isKnown || rewrittenWorkloads === 0) return [];
    const images = [...tally.rewrittenImages];
    const more = images.length > SHOWN_IMAGES ? `, and ${images.length - SHOWN_IMAGES} more` : '';
    const shown = images.slice(0, SHOWN_IMAGES).join(', ');
    const registry = formatDefaultRegistry(after.defaultRegistry);
    const detail = `On cluster ${clusterName} new pods of ${rewrittenWorkloads} workloads of environment ${environmentName} would pull from ${registry} what they now pull from Docker Hub: ${shown}${more}. See that these images are there.`;
    return [{ code: 'default-registry.rewrites', detail }];
  });
}
