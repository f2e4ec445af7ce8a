import type { ClusterCheck, ClusterNamespace, ClusterPermissions } from '@moorage/contract';
import {
  describeClusterError,
  type KubeClient,
  KubeError,
  type NamespaceObject,
  resourcePath,
  type VersionInfo,
} from '@moorage/kube';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Page, PageRequest } from '../http/page.js';
import { notFound, Problem } from '../http/problem.js';
import { ClusterConnections } from './cluster-connections.js';
import { buildRbacManifest, neededPermissions, reviewPermissions } from './cluster-permissions.js';
import { ClustersRepository } from './clusters.repository.js';
import { pageOfNames } from './page-of-names.js';

/** Questions to a cluster itself, asked at the moment of the request. */
@Injectable()
export class ClusterInspectionService {
  constructor(
    private readonly connections: ClusterConnections,
    private readonly repository: ClustersRepository,
  ) {}

  /** Does it answer, and does it know us? */
  async check(id: string): Promise<ClusterCheck> {
    const startedAt = performance.now();
    const outcome = await this.connections.use(id, 'check', (client) => ask(client));
    if (outcome === undefined) throw notFound();
    const { ok, code, detail, version } = outcome;
    await this.repository.saveCheck(id, { ok, code, detail, version });
    return {
      ok,
      code,
      detail,
      fix: outcome.fix,
      kubernetesVersion: version,
      durationMs: Math.round(performance.now() - startedAt),
      checkedAt: new Date().toISOString(),
    };
  }

  async namespaces(
    id: string,
    request: PageRequest,
  ): Promise<Page<z.output<typeof ClusterNamespace>>> {
    const items = await this.#reach(id, (client) =>
      client.list<NamespaceObject>(resourcePath.namespaces()),
    );
    const namespaces = items.items.map(({ metadata, status }) => ({
      name: metadata.name,
      phase: status?.phase ?? 'Active',
      labels: { ...metadata.labels },
      ignored: metadata.annotations?.['moorage.dev/ignore'] === 'true',
    }));
    return pageOfNames(namespaces, request);
  }

  async permissions(id: string): Promise<ClusterPermissions> {
    const needed = neededPermissions(await this.repository.featuresInUse(id));
    const items = await this.#reach(id, (client) => reviewPermissions(client, needed));
    const missing = items.filter((item) => !item.allowed && !item.optional).length;
    return { items, missing, manifest: buildRbacManifest(needed) };
  }

  async #reach<T>(id: string, work: (client: KubeClient) => Promise<T>): Promise<T> {
    try {
      const result = await this.connections.use(id, 'check', work);
      if (result === undefined) throw notFound();
      return result;
    } catch (error) {
      if (!(error instanceof KubeError)) throw error;
      const { code, detail, fix } = describeClusterError(error);
      throw new Problem('cluster.unreachable', `${detail} ${fix}`, { members: { cause: code } });
    }
  }
}

interface Answer {
  readonly ok: boolean;
  readonly code: string | null;
  readonly detail: string | null;
  readonly fix: string | null;
  readonly version: string | null;
}

async function ask(client: KubeClient): Promise<Answer> {
  let version: string | null = null;
  try {
    // Anybody may ask for the version; only who is known is told who they are, so both are asked.
    version = (await client.get<VersionInfo>(resourcePath.version())).gitVersion;
    const pages = client.listPages(resourcePath.namespaces(), { limit: 1, projection: 'metadata' });
    await pages.next();
    return { ok: true, code: null, detail: null, fix: null, version };
  } catch (error) {
    const { code, detail, fix } = describeClusterError(error);
    return { ok: false, code, detail, fix, version };
  }
}
