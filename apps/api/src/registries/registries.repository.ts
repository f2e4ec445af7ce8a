import type { Provider, SecretText } from '@moorage/core';
import { Injectable } from '@nestjs/common';
import type { EnvironmentScope } from '../auth/actor.js';
import { Database } from '../database/database.js';
import type { Queryable, Tx } from '../database/transaction.js';
import { loadPage, type Page, type PageRequest } from '../http/page.js';
import { type Sealed, SecretBox } from '../sealing/secret-box.js';
import {
  type CheckedConnection,
  clientKeyIdentity,
  type StoredConnection,
} from './registry-connection.js';
import { NO_REACH } from './registry-reach.js';

export interface RegistryRow extends StoredConnection {
  readonly id: string;
  readonly address: string;
  readonly provider: Provider;
  readonly name: string;
  readonly description: string;
  readonly state: 'enabled' | 'disabled';
  readonly deliver: 'both' | 'pull-secret' | 'nodes';
  readonly hasClientKey: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly version: number;
}

/** A row with what a list shows beside it. */
export interface RegistryStatusRow extends RegistryRow {
  readonly credentialCount: number;
  readonly effective: readonly {
    readonly id: string;
    readonly username: string;
    readonly scope: string;
    /** milliseconds since 1970: JSON of a timestamp would be in the server's words */
    readonly expiresAt: number | null;
  }[];
  readonly reach: { readonly namespaces: number; readonly inSync: number; readonly failed: number };
}

export interface RegistryFilter {
  readonly state?: 'enabled' | 'disabled' | undefined;
  readonly provider?: string | undefined;
  readonly attention?: boolean | undefined;
}

export interface NewRegistry extends CheckedConnection {
  readonly id: string;
  readonly address: string;
  readonly provider: Provider;
  readonly name: string;
  readonly description: string;
  readonly deliver: RegistryRow['deliver'];
}

export type RegistryChange = Omit<NewRegistry, 'id' | 'address'>;

const COLUMNS = `r.id, r.address, r.provider, r.name, r.description, r.state, r.deliver, r.scheme,
  r.ca_certificate as "caCertificate", r.insecure_skip_verify as "insecureSkipVerify",
  r.client_certificate as "clientCertificate", r.client_key_sealed is not null as "hasClientKey",
  r.created_at as "createdAt", r.updated_at as "updatedAt", r.version`;

// The rule of core/credential-stack.ts in SQL, because a list of registries needs it for a page at
// once; an API test holds the two against each other.
const EFFECTIVE = `(select distinct on (c.scope) c.id, c.username, c.scope, c.expires_at
   from credentials c where c.registry_id = r.id and c.state = 'enabled' and r.state = 'enabled'
   order by c.scope, c.sequence desc)`;

// Not correlated: counted once for the environment, whatever the number of rows. Each state on its
// own, so that all of it is read from the index over (target_id, state); counting rows of every
// state with filters takes up to three times as long.
const countIn = (states: string) =>
  `(select count(*) from target_namespaces n where n.target_id = t.id and n.state in (${states}))`;
const REACH = `(select json_build_object('namespaces', coalesce(sum(c.good + c.bad + c.open), 0)::int,
    'inSync', coalesce(sum(c.good), 0)::int, 'failed', coalesce(sum(c.bad), 0)::int)
  from targets t cross join lateral (select ${countIn(`'in-sync'`)} as good,
    ${countIn(`'failed', 'conflict'`)} as bad, ${countIn(`'pending'`)} as open offset 0) c
  where t.environment_id = $1 and t.state = 'active')`;

const STATUS = `${COLUMNS},
  (select count(*)::int from credentials c where c.registry_id = r.id) as "credentialCount",
  coalesce((select json_agg(json_build_object('id', e.id, 'username', e.username, 'scope', e.scope, 'expiresAt', (extract(epoch from e.expires_at) * 1000)::float8) order by e.scope collate "C")
    from ${EFFECTIVE} e), '[]') as effective,
  ${REACH} as reach`;

// What people should look at: nothing logs in to it, or what does ends within a week.
const ATTENTION = `(r.state = 'enabled' and (not exists (select 1 from ${EFFECTIVE} e)
  or exists (select 1 from ${EFFECTIVE} e where e.expires_at < now() + interval '7 days')))`;

/** The one login that a registry may have when it is added. */
interface FirstLogin {
  readonly id: string;
  readonly username: string;
  readonly scope: string;
  readonly expiresAt: Date | null;
}

@Injectable()
export class RegistriesRepository {
  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
  ) {}

  list<Item>(
    scope: EnvironmentScope,
    filter: RegistryFilter,
    request: PageRequest,
    present: (row: RegistryStatusRow) => Item,
  ): Promise<Page<Item>> {
    return loadPage<RegistryStatusRow, Item>(
      this.database,
      {
        columns: STATUS,
        from: 'registries r',
        where: [
          'r.environment_id = $1',
          '($2::text is null or r.state = $2)',
          '($3::text is null or r.provider = $3)',
          ...(filter.attention === undefined ? [] : [`${ATTENTION} = ${filter.attention}`]),
        ],
        values: [scope.environmentId, filter.state ?? null, filter.provider ?? null],
        sort: {
          name: { sql: 'r.name', type: 'text' },
          address: { sql: 'r.address', type: 'text' },
          createdAt: { sql: 'r.created_at', type: 'timestamptz' },
          updatedAt: { sql: 'r.updated_at', type: 'timestamptz' },
        },
        defaultSort: 'name',
        id: { sql: 'r.id', type: 'uuid' },
        search: ['r.name', 'r.address', 'r.description'],
      },
      request,
      present,
    );
  }

  find(
    scope: EnvironmentScope,
    id: string,
    on: Queryable = this.database,
  ): Promise<RegistryStatusRow | undefined> {
    return on.one<RegistryStatusRow>(
      {
        name: 'find-registry',
        text: `select ${STATUS} from registries r where r.environment_id = $1 and r.id = $2`,
      },
      [scope.environmentId, id],
    );
  }

  /**
   * What `find` would answer for a registry that this transaction has added, with the one login it
   * may have by now: only the reach has to be asked for, and only when a login can arrive there.
   */
  async describeNew(
    tx: Tx,
    scope: EnvironmentScope,
    row: RegistryRow,
    login: FirstLogin | undefined,
  ): Promise<RegistryStatusRow> {
    if (login === undefined) return { ...row, credentialCount: 0, effective: [], reach: NO_REACH };
    const { id, username, scope: path, expiresAt } = login;
    const effective = [{ id, username, scope: path, expiresAt: expiresAt?.getTime() ?? null }];
    const found = await tx.one<Pick<RegistryStatusRow, 'reach'>>(
      { name: 'find-reach', text: `select ${REACH} as reach` },
      [scope.environmentId],
    );
    return { ...row, credentialCount: 1, effective, reach: found?.reach ?? NO_REACH };
  }

  lock(tx: Tx, scope: EnvironmentScope, id: string): Promise<RegistryRow | undefined> {
    return tx.one<RegistryRow>(
      `select ${COLUMNS} from registries r where r.environment_id = $1 and r.id = $2 for update`,
      [scope.environmentId, id],
    );
  }

  lockByAddress(
    tx: Tx,
    scope: EnvironmentScope,
    address: string,
  ): Promise<RegistryRow | undefined> {
    return tx.one<RegistryRow>(
      `select ${COLUMNS} from registries r where r.environment_id = $1 and r.address = $2 for update`,
      [scope.environmentId, address],
    );
  }

  /** Undefined when the environment has that address already. */
  insert(tx: Tx, scope: EnvironmentScope, registry: NewRegistry): Promise<RegistryRow | undefined> {
    const key = this.#seal(registry.id, registry);
    return tx.one<RegistryRow>(
      {
        name: 'insert-registry',
        text: `insert into registries as r (id, environment_id, address, provider, name, description, deliver, scheme, ca_certificate,
          insecure_skip_verify, client_certificate, client_key_sealed, client_key_key_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        on conflict (environment_id, address) do nothing returning ${COLUMNS}`,
      },
      [
        registry.id,
        scope.environmentId,
        registry.address,
        registry.provider,
        registry.name,
        registry.description,
        registry.deliver,
        registry.scheme,
        registry.caCertificate,
        registry.insecureSkipVerify,
        registry.clientCertificate,
        key?.sealed ?? null,
        key?.keyId ?? null,
      ],
    );
  }

  /** The caller holds the row's lock. The address has no way in. */
  async update(tx: Tx, id: string, change: RegistryChange): Promise<RegistryRow> {
    const key = this.#seal(id, change);
    const row = await tx.one<RegistryRow>(
      `update registries as r set provider = $2, name = $3, description = $4, deliver = $5, scheme = $6,
         ca_certificate = $7, insecure_skip_verify = $8, client_certificate = $9,
         client_key_sealed = case when $10 then $11 else client_key_sealed end,
         client_key_key_id = case when $10 then $12 else client_key_key_id end,
         version = version + 1, updated_at = now()
       where r.id = $1 returning ${COLUMNS}`,
      [
        id,
        change.provider,
        change.name,
        change.description,
        change.deliver,
        change.scheme,
        change.caCertificate,
        change.insecureSkipVerify,
        change.clientCertificate,
        change.clientKey !== undefined,
        key?.sealed ?? null,
        key?.keyId ?? null,
      ],
    );
    if (row === undefined) throw new Error('update of a locked row returned no row');
    return row;
  }

  /** True when the stored client key is this one. It is opened for that and goes nowhere. */
  async holdsClientKey(tx: Tx, id: string, key: SecretText): Promise<boolean> {
    const row = await tx.one<{ sealed: Buffer; keyId: string }>(
      `select client_key_sealed as sealed, client_key_key_id as "keyId" from registries
       where id = $1 and client_key_sealed is not null`,
      [id],
    );
    return row !== undefined && this.box.open(row, clientKeyIdentity(id)).reveal() === key.reveal();
  }

  setState(tx: Tx, id: string, state: 'enabled' | 'disabled'): Promise<RegistryRow | undefined> {
    return tx.one<RegistryRow>(
      `update registries as r set state = $2, version = version + 1, updated_at = now() where r.id = $1 returning ${COLUMNS}`,
      [id, state],
    );
  }

  async countCredentials(tx: Tx, id: string): Promise<number> {
    const row = await tx.one<{ count: number }>(
      'select count(*)::int as count from credentials where registry_id = $1',
      [id],
    );
    return row?.count ?? 0;
  }

  /** With its credentials (`on delete cascade`). */
  delete(tx: Tx, id: string): Promise<number> {
    return tx.execute('delete from registries where id = $1', [id]);
  }

  #seal(id: string, { clientKey }: Pick<CheckedConnection, 'clientKey'>): Sealed | null {
    return clientKey === undefined || clientKey === null
      ? null
      : this.box.seal(clientKey, clientKeyIdentity(id));
  }
}
