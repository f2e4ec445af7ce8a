import type { ImportPlan, PlannedRegistry } from '@moorage/core';
import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.js';
import type { Actor, EnvironmentScope } from '../auth/actor.js';
import type { Tx } from '../database/transaction.js';
import { MirrorsService } from '../mirrors/mirrors.service.js';
import { RegistriesService } from '../registries/registries.service.js';

export interface SettledImport {
  readonly plan: ImportPlan;
  /** Addresses whose newest credential is the one of the file already. */
  readonly unchanged: ReadonlySet<string>;
}

/** Carries a planned import out, in the transaction in which it was planned. */
@Injectable()
export class NodeConfigImporter {
  constructor(
    private readonly registries: RegistriesService,
    private readonly mirrors: MirrorsService,
    private readonly audit: AuditLog,
  ) {}

  /** Leaves no trace when there is nothing to do. */
  async carryOut(
    tx: Tx,
    actor: Actor,
    scope: EnvironmentScope,
    { plan, unchanged }: SettledImport,
  ): Promise<void> {
    const logins = new Map(
      plan.logins
        .filter(({ address }) => !unchanged.has(address))
        .map((login) => [login.address, login]),
    );
    const registries = plan.registries.filter(
      ({ action, address }) => action !== 'keep' || logins.has(address),
    );
    const mirrors = plan.mirrors.filter(({ action }) => action !== 'keep');
    if (registries.length === 0 && mirrors.length === 0) return;
    for (const registry of registries) {
      const login = logins.get(registry.address);
      await this.registries.upsertIn(tx, actor, scope, registry.address, {
        ...settingsOf(registry),
        ...(login !== undefined && { credential: credentialOf(login) }),
      });
    }
    for (const { registry, endpoints, rewrites } of mirrors) {
      const mirror = { registry, endpoints: [...endpoints], rewrites: [...rewrites] };
      await this.mirrors.put(tx, actor, scope, mirror);
    }
    await this.audit.record(tx, {
      actor,
      action: 'node-config.import',
      object: { kind: 'environment', id: scope.environmentId, name: scope.name },
      environmentId: scope.environmentId,
      changes: {
        registries: { after: registries.length },
        credentials: { after: logins.size },
        mirrors: { after: mirrors.length },
        notImported: { after: plan.notImported.length },
      },
    });
  }
}

function settingsOf({ set }: PlannedRegistry) {
  const { deliver, scheme, insecureSkipVerify } = set;
  const connection = {
    ...(scheme !== undefined && { scheme }),
    ...(insecureSkipVerify !== undefined && { insecureSkipVerify }),
  };
  return {
    ...(deliver !== undefined && { deliver }),
    ...(Object.keys(connection).length > 0 && { connection }),
  };
}

function credentialOf({ username, password }: ImportPlan['logins'][number]) {
  return {
    kind: 'basic' as const,
    username,
    password: password.reveal(),
    scope: '',
    description: '',
  };
}
