import { randomUUID } from 'node:crypto';
import type { NodeConfigLink, NodeConfigLinkCreate } from '@moorage/contract';
import { quoteShell } from '@moorage/core';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { type AuditActor, AuditLog } from '../audit/audit-log.js';
import type { Actor, EnvironmentScope } from '../auth/actor.js';
import { Database } from '../database/database.js';
import { API_PREFIX } from '../http/api-prefix.js';
import { notFound, Problem } from '../http/problem.js';
import { NodeConfigRepository } from './node-config.repository.js';
import {
  type NodeConfigLinkRow,
  NodeConfigLinksRepository,
} from './node-config-links.repository.js';

@Injectable()
export class NodeConfigLinksService {
  constructor(
    private readonly database: Database,
    private readonly repository: NodeConfigLinksRepository,
    private readonly nodeConfig: NodeConfigRepository,
    private readonly audit: AuditLog,
  ) {}

  /** `origin` is where nodes will find us. The link carries the permission of who makes it, while they hold it. */
  async create(
    actor: Actor,
    scope: EnvironmentScope,
    { clusterId, format, expiresInSeconds }: z.output<typeof NodeConfigLinkCreate>,
    origin: string,
  ): Promise<NodeConfigLink> {
    if (scope.state === 'removing') throw new Problem('environment.removing');
    if (clusterId !== undefined && !(await this.nodeConfig.hasTarget(scope, clusterId)))
      throw notFound();
    const { environmentId } = scope;
    const expiresAt = new Date(Date.now() + expiresInSeconds * 1000);
    const link = { id: randomUUID(), environmentId, format, expiresAt };
    const holder = { userId: actor.userId, apiKeyId: actor.keyId };
    const token = await this.database.transaction(async (tx) => {
      await this.audit.record(tx, {
        actor,
        action: 'node-config.create-link',
        object: { kind: 'node-config-link', id: link.id, name: scope.name },
        environmentId,
        changes: {
          format: { after: format },
          cluster: { after: clusterId ?? null },
          expiresAt: { after: expiresAt.toISOString() },
        },
      });
      return this.repository.insert(tx, { ...link, ...holder, clusterId: clusterId ?? null });
    });
    const url = `${origin}/${API_PREFIX}/node-config/links/${token.reveal()}`;
    return {
      url,
      expiresAt: expiresAt.toISOString(),
      command: `curl -fsS ${quoteShell(url)} | sh`,
    };
  }

  /** Undefined for what is used, expired or made up. */
  find(token: string): Promise<NodeConfigLinkRow | undefined> {
    return this.repository.find(token);
  }

  /** Uses the link up and puts it on record; false when somebody else was faster. */
  async use(link: NodeConfigLinkRow, user: AuditActor, environment: string): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      if (!(await this.repository.consume(tx, link.id))) return false;
      await this.audit.record(tx, {
        actor: user,
        action: 'node-config.use-link',
        object: { kind: 'node-config-link', id: link.id, name: environment },
        environmentId: link.environmentId,
        changes: { format: { after: link.format }, cluster: { after: link.clusterId } },
      });
      return true;
    });
  }
}
