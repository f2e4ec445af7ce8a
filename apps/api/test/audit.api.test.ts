import { AuditEntry, endpoints } from '@moorage/contract';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuditChain } from '../src/audit/audit-chain.js';
import { buildCast, type Cast } from './factories.js';
import { type Harness, problemOf, startHarness } from './harness.js';

let harness: Harness;
let cast: Cast;
beforeAll(async () => {
  harness = await startHarness();
  cast = await buildCast(harness);
});
afterAll(() => harness.close());

const chain = () => harness.app.get(AuditChain);
async function makeEntries(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    await cast.owner.client(endpoints.putSetting, {
      env: cast.environment.id,
      name: 'policy.mode',
      body: { value: n % 2 === 0 ? 'warn' : 'off' },
    });
  }
}

describe('200', () => {
  it('shows an owner who changed what in the environment, newest first', async () => {
    await makeEntries(2);
    const { items } = await cast.owner.client(endpoints.listAudit, { env: cast.environment.name });
    const [newest] = items.map((item) => AuditEntry.strict().parse(item));
    expect(newest).toMatchObject({
      action: 'setting.update',
      actor: { kind: 'user', id: cast.owner.id, name: cast.owner.username },
      object: { kind: 'setting', name: 'policy.mode' },
      changes: { value: { before: 'warn', after: 'off' } },
      environmentId: cast.environment.id,
    });
    expect(newest?.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('filters by action, actor and object', async () => {
    const query = { action: 'setting.create', actorId: cast.owner.id };
    const { items, total } = await cast.admin.client(endpoints.listInstallationAudit, { query });
    expect(total).toBe(1);
    const none = await cast.admin.client(endpoints.listInstallationAudit, {
      query: { ...query, objectId: cast.admin.id },
    });
    expect([items.length, none.total]).toEqual([1, 0]);
  });
});

describe('403 and 404', () => {
  it('is for owners and administrators', async () => {
    for (const user of [cast.member, cast.viewer]) {
      expect(
        (await problemOf(user.client(endpoints.listAudit, { env: cast.environment.id }))).code,
      ).toBe('permission.denied');
    }
    expect((await problemOf(cast.owner.client(endpoints.listInstallationAudit, {}))).code).toBe(
      'permission.denied',
    );
    expect(
      (await problemOf(cast.stranger.client(endpoints.listAudit, { env: cast.environment.id })))
        .status,
    ).toBe(404);
  });
});

describe('the chain', () => {
  it('cannot be changed through the tables', async () => {
    for (const statement of [
      'update audit_entries set actor_name = $1',
      'delete from audit_entries where actor_name = $1',
    ]) {
      await expect(harness.database.execute(statement, ['x'])).rejects.toThrow('append-only');
    }
    await expect(harness.database.execute('truncate audit_entries cascade')).rejects.toThrow(
      'append-only',
    );
  });

  it('holds every entry once, also with several writers at a time, and verifies', async () => {
    await makeEntries(5);
    await Promise.all([chain().extend(), chain().extend(), chain().extend()]);
    await chain().extend();
    const [row] = await harness.database.query<{ entries: number; links: number }>(
      'select (select count(*) from audit_entries) as entries, (select count(*) from audit_chain) as links',
    );
    expect(row?.links).toBe(row?.entries);
    expect(await chain().verify()).toEqual({
      ok: true,
      checked: row?.links,
      firstBadEntryId: null,
    });
    const { items } = await cast.admin.client(endpoints.listInstallationAudit, {});
    expect(items[0]?.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  const attacks: readonly [what: string, statement: string][] = [
    ['a changed word', `update audit_entries set actor_name = 'somebody else' where id = $1`],
    [
      'a changed value',
      `update audit_entries set changes = '{"value":{"before":null,"after":"x"}}' where id = $1`,
    ],
    ['a moved time', `update audit_entries set at = at + interval '1 microsecond' where id = $1`],
  ];
  it.each(attacks)('notices %s made behind its back', async (_what, statement) => {
    await makeEntries(3);
    await chain().extend();
    const id =
      (await harness.database.one<{ id: number }>('select max(id) - 1 as id from audit_entries'))
        ?.id ?? 0;
    await withoutTriggers(async (client) => {
      await client.query('begin');
      const copy = await client.query('select * from audit_entries where id = $1', [id]);
      await client.query(statement, [id]);
      await client.query('commit');
      expect(await chain().verify()).toMatchObject({ ok: false, firstBadEntryId: id });
      const { actor_name, changes, at } = copy.rows[0];
      await client.query('update audit_entries set actor_name = $2, changes = $3 where id = $1', [
        id,
        actor_name,
        changes,
      ]);
      if (statement.includes(' at '))
        await client.query(
          `update audit_entries set at = at - interval '1 microsecond' where id = $1`,
          [id],
        );
      expect(at).toBeInstanceOf(Date);
    });
    expect(await chain().verify()).toMatchObject({ ok: true });
  });

  // The writer looks back only so far: without its own search the check would never meet it.
  it('notices an entry that was slipped in with an old id', async () => {
    const insert = (id: number) =>
      harness.database.execute(
        `insert into audit_entries (id, actor_kind, actor_name, action, object_kind, object_name)
         overriding system value values ($1, 'system', 'forger', 'user.update', 'user', 'x')`,
        [id],
      );
    await insert(1_000_000);
    await chain().extend();
    expect(await chain().verify()).toMatchObject({ ok: true });
    await insert(900_000);
    await chain().extend();
    expect(await chain().verify()).toMatchObject({ ok: false, firstBadEntryId: 900_000 });
  });
});

/** As a superuser of the database could: triggers off for one session. */
async function withoutTriggers(work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: harness.connectionString });
  await client.connect();
  try {
    await client.query('set session_replication_role = replica');
    await work(client);
  } finally {
    await client.end();
  }
}
