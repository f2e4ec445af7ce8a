/** Where a secret must not be, what happens when a sealed one is moved, and when the database goes. */
import { endpoints } from '@moorage/contract';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EffectiveLoginsService } from '../src/credentials/effective-logins.service.js';
import { buildCast, buildEnvironment, type Cast } from './factories.js';
import { type Harness, problemOf, startHarness } from './harness.js';
import {
  addCredential,
  addRegistry,
  freeAddress,
  tracesOf,
  upsertRegistry,
} from './registry-calls.js';

let harness: Harness;
let cast: Cast;
let env: string;
beforeAll(async () => {
  harness = await startHarness({ variables: { LOG_LEVEL: 'trace' } });
  cast = await buildCast(harness);
  env = cast.environment.name;
});
afterAll(() => harness.close());

const load = (environmentId: string) => harness.app.get(EffectiveLoginsService).load(environmentId);

/** Every value of every row of every table as text; bytes as Latin-1, so that plain text would show. */
async function dumpDatabase(): Promise<string> {
  const tables = await harness.database.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public'`,
  );
  const parts: string[] = [];
  for (const { name } of tables) {
    for (const row of await harness.database.query(`select * from "${name}"`))
      for (const value of Object.values(row))
        parts.push(Buffer.isBuffer(value) ? value.toString('latin1') : JSON.stringify(value));
  }
  return parts.join('\n');
}

describe('a planted secret', () => {
  const planted = ['planted-one', 'planted-two', 'planted-three', 'planted\nfour'];

  it('is in no reply, log line, audit entry, event or column, and in the delivery only', async () => {
    const seen: string[] = [];
    const keep = async (call: Promise<unknown>) => {
      seen.push(JSON.stringify((await call.catch((error: unknown) => error)) ?? null));
    };
    const { client } = cast.owner;
    const address = freeAddress();
    const credential = { username: 'ci', password: 'planted-one' };
    const registry = await addRegistry(client, env, { address, credential });
    seen.push(JSON.stringify(registry));
    await keep(
      upsertRegistry(client, env, address, {
        credential: { ...credential, password: 'planted-two' },
      }),
    );
    const { id } = await addCredential(client, env, registry.id, credential);
    const at = { env, registryId: registry.id };
    const one = { ...at, credentialId: id };
    await keep(client(endpoints.updateCredential, { ...one, body: { password: 'planted-three' } }));
    await keep(addCredential(client, env, registry.id, { password: 'planted\nfour' }));
    await keep(
      addCredential(client, env, registry.id, { username: '_json_key', password: 'planted-one' }),
    );
    const wrong = { username: 'ci', password: 'planted-one', passwort: 'planted-two' };
    await keep(addCredential(client, env, registry.id, wrong));
    const body = { ...credential };
    const idempotencyKey = 'kept';
    await keep(client(endpoints.createCredential, { ...at, body, idempotencyKey }));
    const calls = [
      client(endpoints.getRegistry, at),
      client(endpoints.listRegistries, { env }),
      client(endpoints.listCredentials, at),
      client(endpoints.getCredential, one),
      client(endpoints.getCredentialImpact, { ...one, query: { action: 'delete' } }),
      client(endpoints.getNodeConfig, { env }),
      client(endpoints.listAudit, { env, query: { limit: 500 } }),
    ];
    await Promise.all(calls.map(keep));
    const places = [seen.join('\n'), harness.logLines.join('\n'), await dumpDatabase()];
    for (const place of places)
      expect(planted.filter((secret) => place.includes(secret))).toEqual([]);
    expect(places.every((place) => place.length > 1000)).toBe(true);
    const logins = await load(cast.environment.id);
    expect(logins.map(({ secret }) => secret.reveal())).toContain('planted-one');
  });
});

describe('a sealed secret', () => {
  const columns = 'secret_sealed, secret_key_id';
  async function buildTwo() {
    const environment = await buildEnvironment(harness);
    const registry = await addRegistry(cast.admin.client, environment.id);
    const add = (username: string) =>
      addCredential(cast.admin.client, environment.id, registry.id, { username, scope: username });
    return {
      environmentId: environment.id,
      first: await add('first'),
      second: await add('second'),
    };
  }

  it('opens in its own row only; nothing else is delivered in its place', async () => {
    const { environmentId, first, second } = await buildTwo();
    expect(await load(environmentId)).toHaveLength(2);
    await harness.database.execute(
      `update credentials set (${columns}) = (select ${columns} from credentials where id = $1) where id = $2`,
      [first.id, second.id],
    );
    await expect(load(environmentId)).rejects.toThrow('not of this row');
  });

  it('does not open when one bit of it was changed', async () => {
    const { environmentId, second } = await buildTwo();
    await harness.database.execute(
      'update credentials set secret_sealed = set_byte(secret_sealed, length(secret_sealed) - 20, get_byte(secret_sealed, length(secret_sealed) - 20) # 1) where id = $1',
      [second.id],
    );
    await expect(load(environmentId)).rejects.toThrow('was changed');
  });

  it('is another text each time, though the fingerprint of equal logins is the same', async () => {
    const registry = await addRegistry(cast.owner.client, env);
    for (const scope of ['a', 'b'])
      await addCredential(cast.owner.client, env, registry.id, { scope });
    const rows = await harness.database.query<{ sealed: Buffer; fingerprint: Buffer }>(
      'select secret_sealed as sealed, secret_fingerprint as fingerprint from credentials where registry_id = $1',
      [registry.id],
    );
    const [one, two] = rows;
    expect(one?.sealed.equals(two?.sealed ?? Buffer.alloc(0))).toBe(false);
    expect(one?.fingerprint.equals(two?.fingerprint ?? Buffer.alloc(0))).toBe(true);
  });
});

describe('503', () => {
  it('answers so when the database goes in the middle, and leaves nothing half-written', async () => {
    const address = freeAddress();
    const blocker = new pg.Client({ connectionString: harness.connectionString });
    await blocker.connect();
    const traces = await tracesOf(harness, cast.environment.id, async () => {
      // Holds the addition between the registry, which is written, and its credential.
      await blocker.query('begin; lock table credentials in exclusive mode');
      const call = addRegistry(cast.owner.client, env, {
        address,
        credential: { username: 'ci', password: 'hunter2' },
      });
      const problem = problemOf(call);
      const { database } = harness; // another connection: within a transaction the view stands still
      const waiting = async () => (await database.query(WAITING)).length;
      await expect.poll(waiting, { timeout: 10_000 }).toBe(1);
      await database.query(`select pg_terminate_backend(pid) from (${WAITING}) as waiting`);
      expect(await problem).toMatchObject({ status: 503, code: 'database.unavailable' });
      await blocker.query('rollback');
    });
    await blocker.end();
    expect(traces).toEqual({ audit: [], outbox: [] });
    const again = await addRegistry(cast.owner.client, env, { address });
    expect(again.credentialCount).toBe(0);
  });
});

const WAITING = `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like 'insert into credentials%'`;
