import { randomUUID } from 'node:crypto';
import type { ApiKey, ApiKeyCreate, ApiKeyCreated, Permission } from '@moorage/contract';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '../auth/actor.js';
import { createApiKeyToken } from '../auth/api-key-token.js';
import { HeldPermissions } from '../auth/held-permissions.js';
import { Database } from '../database/database.js';
import { ChangeRecorder } from '../events/change-recorder.js';
import type { Page, PageRequest } from '../http/page.js';
import { notFound, Problem } from '../http/problem.js';
import { presentApiKey } from './api-keys.presenter.js';
import { ApiKeysRepository } from './api-keys.repository.js';

@Injectable()
export class ApiKeysService {
  constructor(
    private readonly database: Database,
    private readonly repository: ApiKeysRepository,
    private readonly held: HeldPermissions,
    private readonly changes: ChangeRecorder,
  ) {}

  list(actor: Actor, request: PageRequest): Promise<Page<ApiKey>> {
    refuseKeys(actor);
    return this.repository.listOwnedBy(actor.userId, request, presentApiKey);
  }

  async create(
    actor: Actor,
    input: z.output<typeof ApiKeyCreate>,
  ): Promise<z.output<typeof ApiKeyCreated>> {
    refuseKeys(actor);
    if (input.expiresAt !== undefined && Date.parse(input.expiresAt) <= Date.now()) {
      throw new Problem('request.invalid', undefined, {
        errors: [{ pointer: '/expiresAt', code: 'in-the-past', detail: 'This time is past' }],
      });
    }
    const permissions = [...new Set(input.permissions)];
    await this.#refuseTooWide(actor, permissions, input.environmentId);
    const id = randomUUID();
    const { token, secretHash } = createApiKeyToken(id);
    return this.database.transaction(async (tx) => {
      const row = await this.repository.insert(tx, {
        id,
        ownerId: actor.userId,
        name: input.name,
        secretHash,
        permissions,
        environmentId: input.environmentId ?? null,
        expiresAt: input.expiresAt ?? null,
      });
      await this.changes.record(tx, {
        actor,
        topic: 'api-keys',
        noun: 'api-key',
        verb: 'create',
        object: { id, name: row.name },
        environmentId: row.environmentId,
        version: null,
        changes: { permissions: { after: permissions }, key: { after: token } },
      });
      return { ...presentApiKey(row), key: token.reveal() };
    });
  }

  async revoke(actor: Actor, id: string): Promise<void> {
    refuseKeys(actor);
    await this.database.transaction(async (tx) => {
      const row = await this.repository.deleteOwnedBy(tx, actor.userId, id);
      if (row === undefined) throw notFound();
      await this.changes.record(tx, {
        actor,
        topic: 'api-keys',
        noun: 'api-key',
        verb: 'delete',
        object: { id, name: row.name },
        environmentId: row.environmentId,
        version: null,
        changes: {},
      });
    });
  }

  /**
   * A key can ask for what its owner holds now, anywhere; what the owner loses later the key loses
   * too, because each request is decided by both.
   */
  async #refuseTooWide(
    actor: Actor,
    permissions: readonly Permission[],
    environmentId: string | undefined,
  ): Promise<void> {
    const held =
      environmentId === undefined
        ? await this.held.anywhere(actor)
        : await this.held.inEnvironment(actor, environmentId);
    if (held === null) throw notFound();
    const missing = permissions.filter((permission) => !held.has(permission));
    if (missing.length > 0)
      throw new Problem('api-key.permission-too-wide', `You do not hold: ${missing.join(', ')}.`);
  }
}

/** A key that could make or revoke keys could outlive its own revocation. */
function refuseKeys(actor: Actor): void {
  if (actor.kind !== 'user')
    throw new Problem('permission.denied', 'An API key cannot look after API keys: sign in.');
}
