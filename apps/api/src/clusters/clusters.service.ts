import { randomUUID } from 'node:crypto';
import type {
  Cluster,
  ClusterCreate,
  ClusterUpdate,
  GrantedCluster,
  KubeconfigInspect,
  KubeconfigInspection,
} from '@moorage/contract';
import { SecretText } from '@moorage/core';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { AuditActor } from '../audit/audit-log.js';
import { mayUseEveryCluster } from '../auth/access-decision.js';
import type { Actor, EnvironmentScope } from '../auth/actor.js';
import { Database } from '../database/database.js';
import type { Page, PageRequest } from '../http/page.js';
import { notFound, Problem, stale } from '../http/problem.js';
import { SecretBox } from '../sealing/secret-box.js';
import { ClusterAnnouncements } from './cluster-announcements.js';
import { inspectKubeconfig, readAccess } from './cluster-input.js';
import type { StoredAccess } from './cluster-row.js';
import { presentCluster, presentGrantedCluster } from './clusters.presenter.js';
import { ClustersRepository } from './clusters.repository.js';
import { sealAccess } from './sealed-access.js';

@Injectable()
export class ClustersService {
  constructor(
    private readonly database: Database,
    private readonly repository: ClustersRepository,
    private readonly secretBox: SecretBox,
    private readonly announcements: ClusterAnnouncements,
  ) {}

  list(request: PageRequest & { reachable?: boolean | undefined }): Promise<Page<Cluster>> {
    return this.repository.list({ reachable: request.reachable ?? null }, request, presentCluster);
  }

  /** Who manages clusters may use every one in any environment. */
  listGranted(
    actor: Actor,
    scope: EnvironmentScope,
    request: PageRequest,
  ): Promise<Page<GrantedCluster>> {
    const all = mayUseEveryCluster(actor);
    return this.repository.listGranted(scope, all, request, presentGrantedCluster);
  }

  async get(id: string): Promise<Cluster> {
    const row = await this.repository.find(id);
    if (row === undefined) throw notFound();
    return presentCluster(row);
  }

  inspect({ kubeconfig, context }: z.output<typeof KubeconfigInspect>): KubeconfigInspection {
    return inspectKubeconfig(kubeconfig, context);
  }

  async create(actor: AuditActor, input: z.output<typeof ClusterCreate>): Promise<Cluster> {
    const id = randomUUID();
    const access = readAccess(input);
    if (access === null) throw new Problem('cluster.kubeconfig-invalid');
    const stored = sealAccess(this.secretBox, id, access);
    return await this.#insert(actor, {
      id,
      name: input.name,
      labels: input.labels,
      access: stored,
    });
  }

  /** A cluster of the built-in sandbox: plain http on loopback, exempt from the address policy. */
  async createSimulated(
    actor: AuditActor,
    { name, server, token }: { name: string; server: string; token: SecretText },
  ): Promise<Cluster> {
    const id = randomUUID();
    const access = this.#simulatedAccess(id, server, token);
    return await this.#insert(actor, { id, name, labels: {}, access });
  }

  /** The sandbox listens at another port after each start. */
  async moveSimulated(id: string, server: string, token: SecretText): Promise<void> {
    await this.database.transaction(async (tx) => {
      const row = await this.repository.lock(tx, id);
      if (row?.accessKind !== 'simulated') return;
      const access = this.#simulatedAccess(id, server, token);
      const after = await this.repository.update(tx, id, { labels: null, access });
      await this.announcements.publish(tx, 'updated', after);
    });
  }

  async update(
    actor: Actor,
    id: string,
    input: z.output<typeof ClusterUpdate>,
    version: number | undefined,
  ): Promise<Cluster> {
    const access = readAccess(input);
    return await this.database.transaction(async (tx) => {
      const before = await this.repository.lock(tx, id);
      if (before === undefined) throw notFound();
      if (version !== undefined && before.version !== version) throw stale();
      if (before.state === 'removing' && access === null) throw new Problem('cluster.removing');
      if (before.simulated && access !== null) {
        throw new Problem(
          'cluster.kubeconfig-invalid',
          'A simulated cluster keeps its own access.',
        );
      }
      const sealed = access === null ? null : sealAccess(this.secretBox, id, access);
      const after = await this.repository.update(tx, id, {
        labels: input.labels ?? null,
        access: sealed,
      });
      await this.announcements.updated(tx, { actor, before, after, newAccess: access !== null });
      return presentCluster(after);
    });
  }

  /** What is ours in it leaves first; with `forget` it is dropped as it is. */
  async remove(actor: Actor, id: string, forget: boolean): Promise<void> {
    await this.database.transaction(async (tx) => {
      const before = await this.repository.lock(tx, id);
      if (before === undefined) throw notFound();
      if (forget) {
        await this.repository.forget(tx, id);
        await this.announcements.forgotten(tx, actor, before);
        return;
      }
      if (before.state === 'removing') return;
      await this.repository.startRemoving(tx, id);
      const after = { ...before, state: 'removing' as const, version: before.version + 1 };
      await this.announcements.removing(tx, actor, after);
    });
  }

  #simulatedAccess(id: string, server: string, token: SecretText): StoredAccess {
    const auth = { kind: 'token', token } as const;
    const plain = { caCertificate: null, tlsServerName: null, insecureSkipVerify: false };
    const sealed = sealAccess(this.secretBox, id, { server, auth, ...plain });
    return { ...sealed, accessKind: 'simulated' };
  }

  async #insert(
    actor: AuditActor,
    cluster: Parameters<ClustersRepository['insert']>[1],
  ): Promise<Cluster> {
    return await this.database.transaction(async (tx) => {
      const row = await this.repository.insert(tx, cluster);
      await this.announcements.created(tx, actor, row);
      return presentCluster(row);
    });
  }
}
