/**
 * Plans for people: the same planning as in `cluster-sync.ts`, over the live caches where this
 * replica holds the cluster, else over one list of each kind. Nothing is written, and no value is
 * part of the answer.
 */
import type { Plan } from '@moorage/contract';
import { type ForeignSecret, type NamespacePlan, planNamespace, SYNC_MARKS } from '@moorage/core';
import { type KubeClient, resourcePath } from '@moorage/kube';
import { Injectable } from '@nestjs/common';
import { ClusterConnections } from '../clusters/cluster-connections.js';
import { loadClusterPicture } from './cluster-picture.js';
import type { DesiredCluster, PreparedTarget } from './desired-cluster.js';
import { DesiredStates } from './desired-states.js';
import { nodeConfigPlace } from './node-config-writer.js';
import type { ClusterPicture } from './observed-cluster.js';
import { PlanSummary } from './plan-summary.js';
import { SyncService } from './sync.service.js';
import { SyncIdentity } from './sync-identity.js';
import type { TargetRow } from './sync-model.js';

const NO_FOREIGN: ReadonlyMap<string, ForeignSecret> = new Map();

@Injectable()
export class ClusterPlans {
  constructor(
    private readonly desiredStates: DesiredStates,
    private readonly connections: ClusterConnections,
    private readonly sync: SyncService,
    private readonly identity: SyncIdentity,
  ) {}

  /** The part of one target. `instead`: the target as it would be. Undefined: no such cluster. */
  async plan(clusterId: string, targetId: string, instead?: TargetRow): Promise<Plan | undefined> {
    const desired = await this.desiredStates.load(clusterId, instead);
    const target = desired.target(targetId);
    if (target === undefined) return undefined;
    return await this.connections.use(clusterId, 'plan', async (client) => {
      const picture = await this.#look(clusterId, client, desired);
      const foreign = await this.#findForeign(client, target.row.secretName);
      const attached = await this.desiredStates.loadAttachedNames(clusterId);
      return summarize(target, { desired, picture, foreign, attached });
    });
  }

  async #look(
    clusterId: string,
    client: KubeClient,
    desired: DesiredCluster,
  ): Promise<ClusterPicture> {
    const live = this.sync.find(clusterId)?.observed;
    if (live !== undefined && (live.seesAllAccounts || !desired.needsAllAccounts)) return live;
    const { identity } = this;
    return await loadClusterPicture(client, {
      installationId: identity.installationId,
      contentHash: (bytes) => identity.contentHash(bytes),
      allAccounts: desired.needsAllAccounts,
    });
  }

  /** By namespace. One list of metadata: a conflict is to be known before anything is tried. */
  async #findForeign(
    client: KubeClient,
    name: string,
  ): Promise<ReadonlyMap<string, ForeignSecret>> {
    const list = await client.list(resourcePath.secrets(), {
      fieldSelector: `metadata.name=${name}`,
      projection: 'metadata',
    });
    const foreign = list.items.filter(
      ({ metadata }) =>
        metadata.labels?.[SYNC_MARKS.installationLabel] !== this.identity.installationId ||
        metadata.labels[SYNC_MARKS.managedByLabel] !== SYNC_MARKS.managedBy,
    );
    return new Map(
      foreign.map(({ metadata: { namespace = '', uid = '', resourceVersion = '' } }) => [
        namespace,
        { uid, resourceVersion },
      ]),
    );
  }
}

interface PlanInput {
  readonly desired: DesiredCluster;
  readonly picture: ClusterPicture;
  readonly foreign: ReadonlyMap<string, ForeignSecret>;
  readonly attached: (targetId: string, namespace: string) => string | null;
}

function summarize(target: PreparedTarget, input: PlanInput): Plan {
  const summary = new PlanSummary(target);
  for (const namespace of input.picture.namespaces()) {
    const plan = planOne(namespace.name, target, input);
    if (plan !== null) summary.add(namespace.name, plan);
  }
  const system = input.picture.view(nodeConfigPlace.namespace);
  summary.addNodeConfig(
    system?.secrets.find((secret) => secret.name === nodeConfigPlace.secret) ?? null,
  );
  return summary.toPlan();
}

function planOne(
  name: string,
  target: PreparedTarget,
  { desired, picture, foreign, attached }: PlanInput,
): NamespacePlan | null {
  const view = picture.view(name);
  if (view === null) return null;
  const found = foreign.get(name);
  return planNamespace({
    ...view,
    targets: desired.inNamespace(view.namespace, (id) => attached(id, name)),
    foreignSecrets: found === undefined ? NO_FOREIGN : new Map([[target.row.secretName, found]]),
    blocked: new Map(),
  });
}
