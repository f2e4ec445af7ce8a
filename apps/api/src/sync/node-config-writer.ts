/**
 * The Secret from which nodes take their config: `moorage-node-config` in `moorage-system`, one key
 * per file, kept for the one target that owns the nodes of this cluster. The namespace is made when
 * it is missing and stays when nothing of ours is in it any more: others may have moved in.
 */
import { agentPlace, type ObservedSecret, type Reason, SYNC_MARKS } from '@moorage/core';
import { isKubeError, type KubeClient, resourcePath, type SecretObject } from '@moorage/kube';
import { classifyFailure } from './change-outcome.js';
import type { DesiredCluster, PreparedTarget } from './desired-cluster.js';
import type { Lease } from './lease.js';
import type { Look } from './look-loop.js';
import type { ObservedCluster } from './observed-cluster.js';
import { retryDelayMs } from './retry-delay.js';
import { buildMarks } from './secret-writes.js';
import type { NodeConfigStatus } from './sync-model.js';

/** Where node agents look for it. */
export const nodeConfigPlace = { namespace: agentPlace.namespace, secret: agentPlace.secret };

/** Nothing tells us when somebody else's Secret goes away. */
const FOREIGN_RECHECK_MS = 30_000;

export type NodeConfigOutcome = Look<NodeConfigStatus>;

export interface NodeConfigWriterParts {
  readonly client: KubeClient;
  readonly lease: Lease;
  readonly installationId: string;
  readonly observed: ObservedCluster;
}

export class NodeConfigWriter {
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: NodeConfigWriterParts) {}

  belongsTo(targetId: string): boolean {
    return this.#present()?.targetId === targetId;
  }

  /** One look at a time, each from the newest state. */
  apply(desired: DesiredCluster): Promise<NodeConfigOutcome> {
    const next = this.#last.then(() => this.#apply(desired));
    this.#last = next.catch(() => undefined);
    return next;
  }

  async #apply(desired: DesiredCluster): Promise<NodeConfigOutcome> {
    const owner = desired.targets.find(
      ({ row }) => row.nodeConfig.enabled && row.state === 'active',
    );
    const others = desired.targets
      .filter((target) => target !== owner)
      .map(({ row }) => ({ targetId: row.id, state: null, error: null }));
    try {
      if (owner === undefined) await this.#remove();
      else await this.#write(owner);
      const mine = owner === undefined ? [] : [writtenStatus(owner)];
      return { statuses: [...mine, ...others], retryMs: null };
    } catch (error) {
      return this.#failed(error, owner, others);
    }
  }

  #failed(
    error: unknown,
    owner: PreparedTarget | undefined,
    others: readonly NodeConfigStatus[],
  ): NodeConfigOutcome {
    if (error instanceof ForeignNodeConfig) {
      const mine = owner === undefined ? [] : [statusOf(owner, 'conflict', error.message)];
      return { statuses: [...mine, ...others], retryMs: FOREIGN_RECHECK_MS };
    }
    const failure = classifyFailure(error);
    const reason: Reason | null = 'reason' in failure ? failure.reason : null;
    const state = failure.kind === 'refused' ? 'failed' : 'pending';
    const mine = owner === undefined ? [] : [statusOf(owner, state, reason?.detail ?? null)];
    return {
      statuses: [...mine, ...others],
      retryMs: failure.kind === 'moot' ? null : retryDelayMs(6),
    };
  }

  async #write(owner: PreparedTarget): Promise<void> {
    const delivered = owner.nodeConfig;
    if (delivered?.content == null) return;
    const present = this.#present();
    if (present !== null && isCurrent(present, owner)) return;
    const { client, lease, installationId, observed } = this.parts;
    const { contentHash } = delivered;
    const { environmentId, id: targetId } = owner.row;
    const { distribution } = owner.row.nodeConfig;
    const { labels, annotations } = buildMarks({
      installationId,
      environmentId,
      targetId,
      contentHash,
    });
    const marks = {
      labels,
      annotations: { ...annotations, [agentPlace.distributionAnnotation]: distribution },
    };
    await this.#ensureNamespace();
    lease.assertHeld();
    const written = await delivered.content.use(async (data) => {
      const head = JSON.stringify(present === null ? newSecret(marks) : patchOf(present, marks));
      const body = Buffer.concat([
        Buffer.from(`${head.slice(0, -1)},"data":`),
        data,
        Buffer.from('}'),
      ]);
      try {
        if (present === null) return await this.#create(body);
        const path = resourcePath.secret(nodeConfigPlace.namespace, nodeConfigPlace.secret);
        // Whole: a merge would leave the files of before.
        return await client.replace<SecretObject>(path, body);
      } finally {
        body.fill(0);
      }
    });
    observed.absorbSecret(written);
  }

  async #create(body: Buffer): Promise<SecretObject> {
    try {
      return await this.parts.client.create<SecretObject>(
        resourcePath.secrets(nodeConfigPlace.namespace),
        body,
      );
    } catch (error) {
      if (!isKubeError(error, 'AlreadyExists')) throw error;
      throw new ForeignNodeConfig();
    }
  }

  async #ensureNamespace(): Promise<void> {
    const { client, lease, observed, installationId } = this.parts;
    if (observed.namespace(nodeConfigPlace.namespace) !== undefined) return;
    lease.assertHeld();
    const labels = {
      [SYNC_MARKS.managedByLabel]: SYNC_MARKS.managedBy,
      [SYNC_MARKS.installationLabel]: installationId,
    };
    const body = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: nodeConfigPlace.namespace, labels },
    };
    await client.create(resourcePath.namespaces(), body).catch((error: unknown) => {
      if (!isKubeError(error, 'AlreadyExists')) throw error;
    });
  }

  async #remove(): Promise<void> {
    const present = this.#present();
    if (present === null) return;
    this.parts.lease.assertHeld();
    const path = resourcePath.secret(nodeConfigPlace.namespace, nodeConfigPlace.secret);
    await this.parts.client.delete(path, { uid: present.uid });
    this.parts.observed.absorbDeletion(nodeConfigPlace.namespace, present);
  }

  #present(): ObservedSecret | null {
    const secrets = this.parts.observed.secretsIn(nodeConfigPlace.namespace);
    return secrets.find((secret) => secret.name === nodeConfigPlace.secret) ?? null;
  }
}

class ForeignNodeConfig extends Error {
  constructor() {
    super(
      `A Secret ${nodeConfigPlace.secret} that is not ours exists in ${nodeConfigPlace.namespace}: rename or delete it.`,
    );
  }
}

function isCurrent(present: ObservedSecret, owner: PreparedTarget): boolean {
  const hash = owner.nodeConfig?.contentHash;
  return (
    present.digest === hash &&
    present.contentHash === hash &&
    present.targetId === owner.row.id &&
    present.environmentId === owner.row.environmentId
  );
}

function newSecret(marks: object) {
  const metadata = { name: nodeConfigPlace.secret, ...marks };
  return { apiVersion: 'v1', kind: 'Secret', type: 'Opaque', metadata };
}

function patchOf({ uid, resourceVersion }: ObservedSecret, marks: object) {
  const { secret: name, namespace } = nodeConfigPlace;
  const metadata = { name, namespace, uid, resourceVersion, ...marks };
  return { apiVersion: 'v1', kind: 'Secret', type: 'Opaque', metadata };
}

/** What cannot be delivered leaves the nodes with what they have. */
function writtenStatus(owner: PreparedTarget): NodeConfigStatus {
  const problem = owner.nodeConfig?.problem ?? null;
  return statusOf(owner, problem === null ? 'in-sync' : 'failed', problem?.detail ?? null);
}

function statusOf(
  owner: PreparedTarget,
  state: NonNullable<NodeConfigStatus['state']>,
  error: string | null,
): NodeConfigStatus {
  return { targetId: owner.row.id, state, error };
}
