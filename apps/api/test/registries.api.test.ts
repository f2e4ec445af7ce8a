import { endpoints, pageOf, Registry } from '@moorage/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCast, type Cast } from './factories.js';
import { clientOf, type Harness, problemOf, startHarness } from './harness.js';
import { addCredential, addRegistry, freeAddress, refusalsOf, tracesOf } from './registry-calls.js';

let harness: Harness;
let cast: Cast;
let other: Cast;
let env: string;
beforeAll(async () => {
  harness = await startHarness();
  [cast, other] = await Promise.all([buildCast(harness), buildCast(harness)]);
  env = cast.environment.name;
});
afterAll(() => harness.close());

const strict = Registry.strict();
const NO_REGISTRY = '00000000-0000-4000-8000-000000000000';

describe('200', () => {
  it('shows a registry to every role, in the declared shape', async () => {
    const added = await addRegistry(cast.owner.client, env, {
      credential: { username: 'ci', password: 'hunter2' },
    });
    for (const user of [cast.admin, cast.owner, cast.member, cast.viewer]) {
      const got = await user.client(endpoints.getRegistry, { env, registryId: added.id });
      expect(strict.parse(got)).toEqual(added);
    }
  });

  it('lists by name, filters by state, provider, text and need of attention', async () => {
    const { environment, owner } = other;
    const add = (body: Parameters<typeof addRegistry>[2]) =>
      addRegistry(owner.client, environment.id, body);
    const credential = { username: 'ci', password: 'hunter2' };
    const soon = new Date(Date.now() + 86_400_000).toISOString();
    await add({ address: 'b.example.com', credential });
    await add({
      address: 'ghcr.io',
      name: 'a GitHub',
      credential: { ...credential, expiresAt: soon },
    });
    const off = await add({ address: 'c.example.com', description: '100% ours' });
    await owner.client(endpoints.disableRegistry, { env: environment.id, registryId: off.id });
    const list = async (query: Record<string, string>) => {
      const page = await other.viewer.client(endpoints.listRegistries, {
        env: environment.id,
        query,
      });
      expect(pageOf(strict).strict().parse(page).total).toBe(page.items.length);
      return page.items.map(({ address }) => address);
    };
    expect(await list({})).toEqual(['ghcr.io', 'b.example.com', 'c.example.com']);
    expect(await list({ sort: '-address' })).toEqual(['ghcr.io', 'c.example.com', 'b.example.com']);
    expect(await list({ state: 'disabled' })).toEqual(['c.example.com']);
    expect(await list({ provider: 'ghcr' })).toEqual(['ghcr.io']);
    expect(await list({ q: '0%' })).toEqual(['c.example.com']);
    expect(await list({ q: 'GITHUB' })).toEqual(['ghcr.io']);
    expect(await list({ attention: 'true' })).toEqual(['ghcr.io']);
    expect(await list({ attention: 'false' })).toEqual(['b.example.com', 'c.example.com']);
  });

  it('pages through all without repeating or leaving one out', async () => {
    for (let n = 0; n < 7; n += 1) await addRegistry(cast.owner.client, env, { name: 'same name' });
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: { q: string; limit: number; cursor?: string } = { q: 'same name', limit: 3 };
      if (cursor !== null) query.cursor = cursor;
      const page = await cast.viewer.client(endpoints.listRegistries, { env, query });
      expect(page.total).toBe(7);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(new Set(seen).size).toBe(7);
    expect(seen).toHaveLength(7);
  });

  it('changes only the fields that are given', async () => {
    const added = await addRegistry(cast.owner.client, env, { description: 'first' });
    const changed = await cast.owner.client(endpoints.updateRegistry, {
      env,
      registryId: added.id,
      body: { name: 'Renamed', deliver: 'nodes' },
    });
    expect(strict.parse(changed)).toEqual({
      ...added,
      name: 'Renamed',
      deliver: 'nodes',
      version: added.version + 1,
      updatedAt: expect.any(String),
    });
  });

  it('leaves no trace of a change that changes nothing', async () => {
    const added = await addRegistry(cast.owner.client, env, { description: 'same' });
    const at = { env, registryId: added.id };
    const traces = await tracesOf(harness, cast.environment.id, async () => {
      const body = {
        description: 'same',
        connection: { scheme: 'https', caCertificate: null },
      } as const;
      expect(await cast.owner.client(endpoints.updateRegistry, { ...at, body })).toEqual(added);
      expect(await cast.owner.client(endpoints.enableRegistry, at)).toEqual(added);
    });
    expect(traces).toEqual({ audit: [], outbox: [] });
  });

  it('disables and enables, keeping everything', async () => {
    const added = await addRegistry(cast.owner.client, env, {
      credential: { username: 'ci', password: 'hunter2' },
    });
    const at = { env, registryId: added.id };
    const disabled = await cast.owner.client(endpoints.disableRegistry, at);
    expect(disabled).toMatchObject({
      state: 'disabled',
      credentialCount: 1,
      effectiveCredentials: [],
    });
    const enabled = await cast.owner.client(endpoints.enableRegistry, at);
    expect(enabled.effectiveCredentials).toEqual(added.effectiveCredentials);
  });

  it('shows one login per scope, scopes in the order of their bytes', async () => {
    const { id } = await addRegistry(cast.owner.client, env);
    for (const scope of ['team-b', '', 'team-a', 'team_a'])
      await addCredential(cast.owner.client, env, id, { scope, username: `for-${scope}` });
    const { effectiveCredentials } = await cast.viewer.client(endpoints.getRegistry, {
      env,
      registryId: id,
    });
    expect(effectiveCredentials.map(({ scope }) => scope)).toEqual([
      '',
      'team-a',
      'team-b',
      'team_a',
    ]);
  });

  it('repeats a time of expiry to the millisecond', async () => {
    const expiresAt = '2031-02-03T04:05:06.789Z';
    const credential = { username: 'ci', password: 'hunter2', expiresAt };
    const added = await addRegistry(cast.owner.client, env, { credential });
    expect(added.effectiveCredentials[0]?.expiresAt).toBe(expiresAt);
  });
});

describe('201', () => {
  it('writes one audit entry and one event for each thing, in the transaction of the change', async () => {
    const address = freeAddress();
    const traces = await tracesOf(harness, cast.environment.id, () =>
      addRegistry(cast.owner.client, env, {
        address,
        credential: { username: 'ci', password: 'hunter2', scope: 'team-a' },
      }),
    );
    expect(traces).toEqual({
      audit: [`registry.create ${address}`, `credential.create ci on ${address}/team-a`],
      outbox: ['registries created', 'credentials created'],
    });
  });
});

describe('204', () => {
  it('deletes with the credentials, and says so', async () => {
    const added = await addRegistry(cast.owner.client, env, {
      credential: { username: 'ci', password: 'hunter2' },
    });
    const at = { env, registryId: added.id };
    const traces = await tracesOf(harness, cast.environment.id, () =>
      cast.owner.client(endpoints.deleteRegistry, { ...at, ifMatch: added.version }),
    );
    expect(traces).toEqual({
      audit: [`registry.delete ${added.address}`],
      outbox: ['registries deleted'],
    });
    expect((await problemOf(cast.owner.client(endpoints.getRegistry, at))).status).toBe(404);
    const left = 'select 1 from credentials where registry_id = $1';
    expect(await harness.database.query(left, [added.id])).toEqual([]);
  });

  it('records every other change too', async () => {
    const { id, address } = await addRegistry(cast.owner.client, env);
    const at = { env, registryId: id };
    const traces = await tracesOf(harness, cast.environment.id, async () => {
      await cast.owner.client(endpoints.updateRegistry, { ...at, body: { name: 'New' } });
      await cast.owner.client(endpoints.disableRegistry, at);
      await cast.owner.client(endpoints.enableRegistry, at);
    });
    expect(traces.audit).toEqual(
      ['update', 'disable', 'enable'].map((verb) => `registry.${verb} ${address}`),
    );
    expect(traces.outbox).toEqual(Array(3).fill('registries updated'));
  });
});

describe('400', () => {
  it('refuses a new address with its own reason', async () => {
    const { id, address } = await addRegistry(cast.owner.client, env);
    const call = cast.owner.client(endpoints.updateRegistry, {
      env,
      registryId: id,
      body: { address },
    });
    expect((await problemOf(call)).code).toBe('registry.address-immutable');
  });

  it('names unknown fields and wrong values by their places', async () => {
    const body = { address: 'x.io', simulated: true, deliver: 'pods', connection: { proxy: 'x' } };
    const call = cast.owner.client(endpoints.createRegistry, { env, body: body as never });
    expect((await problemOf(call)).errors?.map(({ pointer }) => pointer).sort()).toEqual([
      '/connection/proxy',
      '/deliver',
      '/simulated',
    ]);
  });

  it('stores nothing of a registry whose credential is refused', async () => {
    const address = freeAddress();
    const traces = await tracesOf(harness, cast.environment.id, async () => {
      const credential = { username: 'ci', password: '' };
      const problem = await problemOf(addRegistry(cast.owner.client, env, { address, credential }));
      expect(problem).toMatchObject({
        code: 'credential.invalid',
        errors: [{ pointer: '/credential/password', code: 'credential.password-empty' }],
      });
    });
    expect(traces).toEqual({ audit: [], outbox: [] });
    const { total } = await cast.viewer.client(endpoints.listRegistries, {
      env,
      query: { q: address },
    });
    expect(total).toBe(0);
  });

  it('refuses characters that the database cannot store', async () => {
    for (const body of [{ name: 'a\u0000b' }, { description: '\u0000' }]) {
      expect((await problemOf(addRegistry(cast.owner.client, env, body))).status).toBe(400);
    }
  });
});

describe('401 and 403', () => {
  it('asks who is calling', async () => {
    const problem = await problemOf(addRegistry(clientOf(harness), env));
    expect(problem).toMatchObject({ status: 401, code: 'session.required' });
  });

  it('lets members and viewers change nothing', async () => {
    const { id } = await addRegistry(cast.owner.client, env);
    const at = { env, registryId: id };
    for (const { client } of [cast.member, cast.viewer]) {
      const calls = [
        addRegistry(client, env),
        client(endpoints.upsertRegistry, { env, address: freeAddress(), body: {} }),
        client(endpoints.updateRegistry, { ...at, body: { name: 'x' } }),
        client(endpoints.disableRegistry, at),
        client(endpoints.enableRegistry, at),
        client(endpoints.deleteRegistry, at),
      ];
      expect(await refusalsOf(calls)).toEqual(['403 permission.denied']);
    }
  });
});

describe('404', () => {
  it("answers for another tenant's registry as for none, whatever is asked", async () => {
    const { id } = await addRegistry(cast.owner.client, env);
    for (const place of [
      { client: other.owner.client, env: other.environment.id, registryId: id },
      { client: other.owner.client, env, registryId: id },
      { client: cast.owner.client, env, registryId: NO_REGISTRY },
    ]) {
      const { client, ...at } = place;
      const calls = [
        client(endpoints.getRegistry, at),
        client(endpoints.updateRegistry, { ...at, body: { name: 'x' } }),
        client(endpoints.disableRegistry, at),
        client(endpoints.enableRegistry, at),
        client(endpoints.deleteRegistry, at),
        client(endpoints.getRegistryImpact, { ...at, query: { action: 'delete' } }),
      ];
      expect(await refusalsOf(calls)).toEqual(['404 object.not-found']);
    }
    const kept = await cast.owner.client(endpoints.getRegistry, { env, registryId: id });
    expect(kept).toMatchObject({ version: 1, state: 'enabled' });
  });
});

describe('409', () => {
  it('names the registry that has the address already, in any spelling', async () => {
    const { id, address } = await addRegistry(cast.owner.client, env, { name: 'The one' });
    const call = addRegistry(cast.owner.client, env, {
      address: `https://${address.toUpperCase()}/`,
    });
    expect(await problemOf(call)).toMatchObject({
      status: 409,
      code: 'registry.address-exists',
      registryId: id,
      detail: expect.stringContaining('The one'),
    });
    await addRegistry(other.owner.client, other.environment.id, { address });
  });

  it('lets one of many equal additions at the same moment through', async () => {
    const address = freeAddress();
    const credential = { username: 'ci', password: 'hunter2' };
    const calls = Array.from({ length: 6 }, () =>
      addRegistry(cast.owner.client, env, { address, credential }),
    );
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const { items } = await cast.viewer.client(endpoints.listRegistries, {
      env,
      query: { q: address },
    });
    expect(items.map(({ credentialCount }) => credentialCount)).toEqual([1]);
  });
});

describe('412', () => {
  it('refuses whatever is based on an older version', async () => {
    const { id, version } = await addRegistry(cast.owner.client, env);
    const at = { env, registryId: id, ifMatch: version };
    await cast.owner.client(endpoints.updateRegistry, { ...at, body: { name: 'New' } });
    const calls = [
      cast.owner.client(endpoints.updateRegistry, { ...at, body: { name: 'New' } }),
      cast.owner.client(endpoints.disableRegistry, at),
      cast.owner.client(endpoints.enableRegistry, at),
      cast.owner.client(endpoints.deleteRegistry, at),
    ];
    expect(await refusalsOf(calls)).toEqual(['412 object.stale']);
  });
});
