import type { Member, MemberRole } from '@moorage/contract';
import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.js';
import type { Actor, EnvironmentScope } from '../auth/actor.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/transaction.js';
import { Outbox } from '../events/outbox.js';
import type { Page, PageRequest } from '../http/page.js';
import { notFound, Problem } from '../http/problem.js';
import { presentMember } from './environments.presenter.js';
import { type MemberRow, MembersRepository } from './members.repository.js';

@Injectable()
export class MembersService {
  constructor(
    private readonly database: Database,
    private readonly repository: MembersRepository,
    private readonly audit: AuditLog,
    private readonly outbox: Outbox,
  ) {}

  list(scope: EnvironmentScope, request: PageRequest): Promise<Page<Member>> {
    return this.repository.list(scope, request, presentMember);
  }

  async put(
    actor: Actor,
    scope: EnvironmentScope,
    user: string,
    role: MemberRole,
  ): Promise<Member> {
    return this.database.transaction(async (tx) => {
      const found = await this.repository.findUser(tx, user);
      if (found === undefined) throw notFound();
      const owners = await this.repository.lockOwners(tx, scope);
      if (role !== 'owner') this.#keepAnOwner(actor, owners, found.id);
      const before = await this.repository.find(tx, scope, found.id);
      await this.repository.put(tx, scope, found.id, role);
      const after = await this.repository.find(tx, scope, found.id);
      if (after === undefined) throw notFound();
      await this.#announce(tx, actor, scope, { before, after });
      return presentMember(after);
    });
  }

  async remove(actor: Actor, scope: EnvironmentScope, user: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const found = await this.repository.findUser(tx, user);
      const owners = await this.repository.lockOwners(tx, scope);
      const before =
        found === undefined ? undefined : await this.repository.find(tx, scope, found.id);
      if (before === undefined) throw notFound();
      this.#keepAnOwner(actor, owners, before.userId);
      await this.repository.delete(tx, scope, before.userId);
      await this.#announce(tx, actor, scope, { before, after: undefined });
    });
  }

  // An administrator may leave an environment without owners: administrators look after it then.
  #keepAnOwner(actor: Actor, owners: readonly string[], leavingId: string): void {
    if (actor.role !== 'admin' && owners.length === 1 && owners[0] === leavingId)
      throw new Problem('member.last-owner');
  }

  async #announce(
    tx: Tx,
    actor: Actor,
    scope: EnvironmentScope,
    { before, after }: { before: MemberRow | undefined; after: MemberRow | undefined },
  ): Promise<void> {
    const member = after ?? before;
    if (member === undefined || before?.role === after?.role) return;
    const verb = after === undefined ? 'delete' : before === undefined ? 'create' : 'update';
    await this.audit.record(tx, {
      actor,
      action: `member.${verb}`,
      object: { kind: 'member', id: member.userId, name: member.username },
      environmentId: scope.environmentId,
      changes: { role: { before: before?.role ?? null, after: after?.role ?? null } },
    });
    const kind = after === undefined ? 'deleted' : before === undefined ? 'created' : 'updated';
    await this.outbox.publish(tx, {
      topic: 'members',
      kind,
      id: member.userId,
      environmentId: scope.environmentId,
    });
  }
}
