/**
 * Makes the changes of one namespace's plan, in their order, each under the lease. In a new
 * namespace the Secret and the service account are written at the same time: a pod may be next.
 */
import type {
  NamespaceChange,
  SecretDelete,
  SecretWrite,
  ServiceAccountChange,
} from '@moorage/core';
import {
  isKubeError,
  type KubeClient,
  resourcePath,
  type SecretObject,
  type ServiceAccountObject,
} from '@moorage/kube';
import type { ForeignSecrets } from './foreign-secrets.js';
import type { HeldContent } from './held-content.js';
import type { Priority } from './keyed-queue.js';
import type { Lease } from './lease.js';
import type { ObservedCluster } from './observed-cluster.js';
import { buildSecretBody, buildServiceAccountPatch } from './secret-writes.js';

export interface NamespaceWriterParts {
  readonly client: KubeClient;
  readonly lease: Lease;
  readonly observed: ObservedCluster;
  readonly foreign: ForeignSecrets;
  readonly installationId: string;
  /** The base64 content of a target's Secret, if it is still the one with this hash. */
  readonly contentOf: (targetId: string, contentHash: string) => HeldContent | null;
}

/** Thrown when a plan was made from something that has changed since: plan again. */
export class PlanOutdated extends Error {
  override readonly name = 'PlanOutdated';
}

/** A call that failed, with the object that it was about. */
export class ChangeFailed extends Error {
  override readonly name = 'ChangeFailed';
  constructor(
    readonly change: NamespaceChange,
    override readonly cause: unknown,
  ) {
    super(`${change.action} ${change.object} ${change.name} failed`);
  }
}

export class NamespaceWriter {
  constructor(private readonly parts: NamespaceWriterParts) {}

  async apply(
    namespace: string,
    changes: readonly NamespaceChange[],
    priority: Priority,
  ): Promise<void> {
    if (priority === 'urgent' && isFirstService(changes)) {
      return this.#applyAtOnce(namespace, changes);
    }
    for (const change of changes) await this.#make(namespace, change, priority);
  }

  async #applyAtOnce(namespace: string, changes: readonly NamespaceChange[]): Promise<void> {
    const results = await Promise.allSettled(
      changes.map((change) => this.#make(namespace, change, 'urgent')),
    );
    const failed = results.flatMap((r) => (r.status === 'rejected' ? [r.reason as unknown] : []));
    if (failed.length === 0) return;
    await this.#takeBack(namespace, changes, results);
    throw failed[0];
  }

  /** An entry must not stay whose Secret turned out to be somebody else's. */
  async #takeBack(
    namespace: string,
    changes: readonly NamespaceChange[],
    results: readonly PromiseSettledResult<void>[],
  ): Promise<void> {
    const missing = changes.flatMap((change, at) =>
      change.object === 'secret' && results[at]?.status === 'rejected' ? [change.name] : [],
    );
    for (const [at, change] of changes.entries()) {
      if (change.object !== 'service-account' || results[at]?.status !== 'fulfilled') continue;
      const account = this.parts.observed.serviceAccount(namespace, change.name);
      const ours = change.attach.map((edit) => edit.secretName);
      const back = missing.filter((name) => ours.includes(name));
      if (account === undefined || back.length === 0) continue;
      const list = account.imagePullSecrets.filter((name) => !back.includes(name));
      this.parts.lease.assertHeld(); // the refused write may have taken long
      await this.#patchAccount(
        namespace,
        { ...change, ...account, imagePullSecrets: list },
        'urgent',
      );
    }
  }

  async #make(namespace: string, change: NamespaceChange, priority: Priority): Promise<void> {
    this.parts.lease.assertHeld();
    try {
      if (change.object === 'service-account') {
        await this.#patchAccount(namespace, change, priority);
      } else if (change.action === 'delete') await this.#deleteSecret(namespace, change, priority);
      else await this.#writeSecret(namespace, change, priority);
    } catch (error) {
      if (error instanceof PlanOutdated) throw error;
      throw new ChangeFailed(change, error);
    }
  }

  async #writeSecret(namespace: string, write: SecretWrite, priority: Priority): Promise<void> {
    const { client, observed, installationId } = this.parts;
    const content = this.parts.contentOf(write.targetId, write.contentHash);
    if (content === null) throw new PlanOutdated('the content changed');
    const create = write.action === 'create';
    try {
      const written = await content.use(async (base64) => {
        const body = buildSecretBody(write, installationId, base64);
        try {
          return create
            ? await client.create<SecretObject>(resourcePath.secrets(namespace), body, { priority })
            : await client.mergePatch<SecretObject>(
                resourcePath.secret(namespace, write.name),
                body,
                { priority },
              );
        } finally {
          body.fill(0);
        }
      });
      observed.absorbSecret(written);
    } catch (error) {
      if (create && isKubeError(error, 'AlreadyExists')) await this.#meet(namespace, write.name);
      throw error;
    }
  }

  /** Learns whose Secret is in the way; our own one is put into the picture. */
  async #meet(namespace: string, name: string): Promise<void> {
    const { client, foreign, observed } = this.parts;
    if ((await foreign.look(namespace, name)) !== 'ours') return;
    const mine = await client.list<SecretObject>(resourcePath.secrets(namespace), {
      fieldSelector: `metadata.name=${name}`,
      labelSelector: `moorage.dev/installation=${this.parts.installationId}`,
    });
    for (const object of mine.items) observed.absorbSecret(object);
  }

  async #deleteSecret(namespace: string, change: SecretDelete, priority: Priority): Promise<void> {
    const path = resourcePath.secret(namespace, change.name);
    await this.parts.client.delete(path, { uid: change.uid, priority });
    this.parts.observed.absorbDeletion(namespace, change);
  }

  async #patchAccount(
    namespace: string,
    change: ServiceAccountChange,
    priority: Priority,
  ): Promise<void> {
    const written = await this.parts.client.mergePatch<ServiceAccountObject>(
      resourcePath.serviceAccount(namespace, change.name),
      buildServiceAccountPatch(change),
      { priority },
    );
    this.parts.observed.absorbAccount(written);
  }
}

/** Only new Secrets and new entries: nothing here depends on the order. */
function isFirstService(changes: readonly NamespaceChange[]): boolean {
  return changes.every((change) =>
    change.object === 'secret'
      ? change.action === 'create'
      : change.detach.length === 0 && change.attach.length > 0,
  );
}
