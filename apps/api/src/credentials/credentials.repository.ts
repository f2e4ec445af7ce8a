import { Injectable } from '@nestjs/common';
import type { EnvironmentScope } from '../auth/actor.js';
import { Database } from '../database/database.js';
import type { Queryable, Tx } from '../database/transaction.js';
import { loadPage, type Page, type PageRequest } from '../http/page.js';
import type { SealedLogin } from './credential-secret.js';

export interface CredentialRow {
  readonly id: string;
  readonly registryId: string;
  readonly kind: 'basic';
  readonly username: string;
  readonly scope: string;
  readonly state: 'enabled' | 'disabled';
  readonly sequence: number;
  readonly description: string;
  readonly expiresAt: Date | null;
  readonly secretSetAt: Date;
  readonly createdByName: string;
  readonly createdAt: Date;
  readonly version: number;
}

/** The registry that a credential belongs to, as far as its stack needs it. */
export interface OwnerRow {
  readonly id: string;
  readonly address: string;
  readonly state: 'enabled' | 'disabled';
  readonly deliver: 'both' | 'pull-secret' | 'nodes';
}

/** What the order of a stack is decided from. */
export interface StackRow {
  readonly id: string;
  readonly scope: string;
  readonly state: 'enabled' | 'disabled';
  readonly sequence: number;
}

/** The fields of a credential that can be changed, without its secret. */
export type CredentialFields = Pick<CredentialRow, 'username' | 'description' | 'expiresAt'>;

export type CredentialChange = Pick<CredentialFields, 'username' | 'description'> & {
  /** undefined = unchanged, null = no expiry */
  readonly expiresAt: Date | null | undefined;
};

/** The newest credential of a scope in whatever state, as an upsert compares with it. */
export interface NewestRow extends CredentialFields {
  readonly id: string;
  readonly fingerprint: Buffer;
}

/** An enabled credential with its sealed secret, for delivery. */
export interface SealedCredentialRow extends StackRow {
  readonly registryId: string;
  readonly address: string;
  readonly registryState: 'enabled' | 'disabled';
  readonly deliver: 'both' | 'pull-secret' | 'nodes';
  readonly username: string;
  readonly sealed: Buffer;
  readonly keyId: string;
}

export interface NewCredential {
  readonly id: string;
  readonly registryId: string;
  readonly username: string;
  readonly scope: string;
  readonly description: string;
  readonly expiresAt: Date | null;
  readonly sealed: SealedLogin;
  readonly createdBy: { readonly id: string | null; readonly name: string };
}

const COLUMNS = `c.id, c.registry_id as "registryId", c.kind, c.username, c.scope, c.state, c.sequence, c.description,
  c.expires_at as "expiresAt", c.secret_set_at as "secretSetAt", c.created_by_name as "createdByName",
  c.created_at as "createdAt", c.version`;

@Injectable()
export class CredentialsRepository {
  constructor(private readonly database: Database) {}

  list<Item>(
    registryId: string,
    request: PageRequest,
    present: (row: CredentialRow) => Item,
  ): Promise<Page<Item>> {
    return loadPage<CredentialRow, Item>(
      this.database,
      {
        columns: COLUMNS,
        from: 'credentials c',
        where: ['c.registry_id = $1'],
        values: [registryId],
        sort: { sequence: { sql: 'c.sequence', type: 'bigint' } },
        defaultSort: '-sequence',
        id: { sql: 'c.id', type: 'uuid' },
        search: ['c.username', 'c.scope', 'c.description'],
      },
      request,
      present,
    );
  }

  findOwner(
    scope: EnvironmentScope,
    registryId: string,
    on: Queryable = this.database,
  ): Promise<OwnerRow | undefined> {
    return on.one<OwnerRow>(
      'select id, address, state, deliver from registries where id = $1 and environment_id = $2',
      [registryId, scope.environmentId],
    );
  }

  /** As `findOwner`; it cannot be deleted or have its state changed until the transaction ends. */
  holdOwner(tx: Tx, scope: EnvironmentScope, registryId: string): Promise<OwnerRow | undefined> {
    return tx.one<OwnerRow>(
      'select id, address, state, deliver from registries where id = $1 and environment_id = $2 for share',
      [registryId, scope.environmentId],
    );
  }

  find(
    scope: EnvironmentScope,
    registryId: string,
    id: string,
    on: Queryable = this.database,
  ): Promise<CredentialRow | undefined> {
    return on.one<CredentialRow>(
      `select ${COLUMNS} from credentials c where c.id = $1 and c.registry_id = $2 and c.environment_id = $3`,
      [id, registryId, scope.environmentId],
    );
  }

  lock(
    tx: Tx,
    scope: EnvironmentScope,
    registryId: string,
    id: string,
  ): Promise<CredentialRow | undefined> {
    return tx.one<CredentialRow>(
      `select ${COLUMNS} from credentials c where c.id = $1 and c.registry_id = $2 and c.environment_id = $3 for update`,
      [id, registryId, scope.environmentId],
    );
  }

  loadStack(registryId: string, on: Queryable = this.database): Promise<StackRow[]> {
    return on.query<StackRow>(
      'select id, scope, state, sequence from credentials where registry_id = $1',
      [registryId],
    );
  }

  findNewest(tx: Tx, registryId: string, scope: string): Promise<NewestRow | undefined> {
    return tx.one<NewestRow>(
      `select id, username, description, secret_fingerprint as fingerprint, expires_at as "expiresAt" from credentials
       where registry_id = $1 and scope = $2 order by sequence desc limit 1 for update`,
      [registryId, scope],
    );
  }

  /** The newest credential of every whole registry of an environment, in whatever state. */
  listNewest(
    scope: EnvironmentScope,
    on: Queryable,
  ): Promise<{ readonly address: string; readonly fingerprint: Buffer }[]> {
    return on.query(
      `select distinct on (c.registry_id) r.address, c.secret_fingerprint as fingerprint
       from credentials c join registries r on r.id = c.registry_id
       where c.environment_id = $1 and c.scope = '' order by c.registry_id, c.sequence desc`,
      [scope.environmentId],
    );
  }

  /** The row takes its place in the order here: the sequence numbers additions over all replicas. */
  async insert(tx: Tx, scope: EnvironmentScope, credential: NewCredential): Promise<CredentialRow> {
    const { sealed, createdBy } = credential;
    const row = await tx.one<CredentialRow>(
      {
        name: 'insert-credential',
        text: `insert into credentials as c (id, registry_id, environment_id, username, scope, description, expires_at,
          secret_sealed, secret_key_id, secret_fingerprint, created_by, created_by_name)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) returning ${COLUMNS}`,
      },
      [
        credential.id,
        credential.registryId,
        scope.environmentId,
        credential.username,
        credential.scope,
        credential.description,
        credential.expiresAt,
        sealed.sealed,
        sealed.keyId,
        sealed.fingerprint,
        createdBy.id,
        createdBy.name,
      ],
    );
    if (row === undefined) throw new Error('insert returned no row');
    return row;
  }

  /** The caller holds the row's lock. `sealed` null = the secret stays. The place in the order stays. */
  update(
    tx: Tx,
    id: string,
    change: CredentialChange,
    sealed: SealedLogin | null,
  ): Promise<CredentialRow> {
    return changed(
      tx.one<CredentialRow>(
        `update credentials as c set username = $2, description = $3,
           expires_at = case when $4 then $5 else expires_at end,
           secret_sealed = coalesce($6, secret_sealed), secret_key_id = coalesce($7, secret_key_id),
           secret_fingerprint = coalesce($8, secret_fingerprint),
           secret_set_at = case when $6::bytea is null then secret_set_at else now() end,
           version = version + 1, updated_at = now()
         where c.id = $1 returning ${COLUMNS}`,
        [
          id,
          change.username,
          change.description,
          change.expiresAt !== undefined,
          change.expiresAt ?? null,
          sealed?.sealed ?? null,
          sealed?.keyId ?? null,
          sealed?.fingerprint ?? null,
        ],
      ),
    );
  }

  setState(tx: Tx, id: string, state: 'enabled' | 'disabled'): Promise<CredentialRow> {
    return changed(
      tx.one<CredentialRow>(
        `update credentials as c set state = $2, version = version + 1, updated_at = now() where c.id = $1 returning ${COLUMNS}`,
        [id, state],
      ),
    );
  }

  delete(tx: Tx, id: string): Promise<number> {
    return tx.execute('delete from credentials where id = $1', [id]);
  }

  /**
   * The newest enabled credential of every (registry, scope) of an environment, sealed. Older ones
   * are left in the database: they can be many, and only the newest enabled one can be effective.
   */
  loadSealed(environmentId: string): Promise<SealedCredentialRow[]> {
    return this.database.query<SealedCredentialRow>(
      `select distinct on (c.registry_id, c.scope) c.id, c.scope, c.state, c.sequence, c.registry_id as "registryId",
         r.address, r.state as "registryState", r.deliver, c.username, c.secret_sealed as sealed, c.secret_key_id as "keyId"
       from credentials c join registries r on r.id = c.registry_id
       where c.environment_id = $1 and c.state = 'enabled'
       order by c.registry_id, c.scope, c.sequence desc`,
      [environmentId],
    );
  }
}

async function changed(statement: Promise<CredentialRow | undefined>): Promise<CredentialRow> {
  const row = await statement;
  if (row === undefined) throw new Error('a change of a locked row returned no row');
  return row;
}
