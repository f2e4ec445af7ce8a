/**
 * What targets keep in a cluster beside their namespaces: the config of its nodes and the image
 * policies. Each is looked at for itself, so that trouble with one delays no pull secret.
 */
import type { KubeClient } from '@moorage/kube';
import type { Log } from '../config/log.js';
import type { ClusterStore } from './cluster-store.js';
import type { DesiredCluster } from './desired-cluster.js';
import { ImagePolicySync } from './image-policy/image-policy-sync.js';
import type { Lease } from './lease.js';
import { LookLoop } from './look-loop.js';
import { NodeConfigWriter, nodeConfigPlace } from './node-config-writer.js';
import type { ObservedCluster } from './observed-cluster.js';
import type { NodeConfigStatus, TargetRow } from './sync-model.js';

export interface ClusterWideSyncParts {
  readonly client: KubeClient;
  readonly lease: Lease;
  readonly installationId: string;
  readonly observed: ObservedCluster;
  readonly desired: () => DesiredCluster;
  readonly store: ClusterStore;
  /** A look is over: perhaps a target is clean now. */
  readonly onDone: () => void;
  readonly signal: AbortSignal;
  readonly log: Pick<Log, 'warn'>;
}

export class ClusterWideSync {
  readonly #nodeConfig: NodeConfigWriter;
  readonly #nodeConfigLoop: LookLoop<NodeConfigStatus>;
  readonly #policies: ImagePolicySync;

  constructor(parts: ClusterWideSyncParts) {
    const { client, lease, installationId, observed, desired, store } = parts;
    const { onDone, signal, log } = parts;
    this.#nodeConfig = new NodeConfigWriter({ client, lease, installationId, observed });
    this.#nodeConfigLoop = new LookLoop<NodeConfigStatus>({
      what: 'node config',
      look: () => this.#nodeConfig.apply(desired()),
      save: (statuses) => store.saveNodeConfig(statuses),
      onDone,
      signal,
      log,
    });
    const namespaces = () => observed.namespaces();
    this.#policies = new ImagePolicySync({ ...parts, namespaces });
  }

  /** What an earlier process has left, before the first look. */
  restore(): Promise<void> {
    return this.#policies.restore();
  }

  wake(): void {
    this.#nodeConfigLoop.wake();
    this.#policies.wake();
  }

  /** Asked for by hand. */
  lookNow(): void {
    this.#nodeConfigLoop.wake();
    this.#policies.lookNow();
  }

  changed(namespace: string): void {
    if (namespace === nodeConfigPlace.namespace) this.#nodeConfigLoop.wake();
    this.#policies.namespacesChanged();
  }

  /** Whether something of that target is still in the cluster. */
  holds({ id, environmentId }: TargetRow): boolean {
    return this.#nodeConfig.belongsTo(id) || this.#policies.belongsTo(environmentId, id);
  }
}
