import type { NodeConfig } from '@moorage/contract';
import type { NodeConfigFormat } from '@moorage/core';
import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.js';
import type { Actor, EnvironmentScope } from '../auth/actor.js';
import { Database } from '../database/database.js';
import { notFound } from '../http/problem.js';
import { presentNodeConfig } from './node-config.presenter.js';
import { NodeConfigRepository } from './node-config.repository.js';
import { NodeConfigModelService } from './node-config-model.service.js';

export interface NodeConfigQuery {
  readonly format: NodeConfigFormat;
  readonly clusterId?: string | undefined;
}

@Injectable()
export class NodeConfigService {
  constructor(
    private readonly model: NodeConfigModelService,
    private readonly repository: NodeConfigRepository,
    private readonly database: Database,
    private readonly audit: AuditLog,
  ) {}

  /** Secrets only for an API key that was given `node-config:secrets`, and each time on record. */
  async get(actor: Actor, scope: EnvironmentScope, query: NodeConfigQuery): Promise<NodeConfig> {
    if (query.clusterId !== undefined && !(await this.repository.hasTarget(scope, query.clusterId)))
      throw notFound();
    const secrets =
      actor.keyId !== null && scope.permissions.has('node-config:secrets') ? 'included' : 'masked';
    const config = await this.model.render(scope.environmentId, { format: query.format, secrets });
    if (secrets === 'included') await this.#record(actor, scope, query);
    return presentNodeConfig(config, secrets);
  }

  // Before the reply leaves: what cannot be recorded is not given out.
  async #record(actor: Actor, scope: EnvironmentScope, { format }: NodeConfigQuery): Promise<void> {
    await this.database.transaction((tx) =>
      this.audit.record(tx, {
        actor,
        action: 'node-config.read-secrets',
        object: { kind: 'environment', id: scope.environmentId, name: scope.name },
        environmentId: scope.environmentId,
        changes: { format: { after: format } },
      }),
    );
  }
}
