import { endpoints, type Permission, Registry } from '@moorage/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApiKey, buildCast, type Cast } from './factories.js';
import { type Harness, problemOf, startHarness } from './harness.js';
import { freeAddress, tracesOf, type UpsertBody, upsertRegistry } from './registry-calls.js';
import { createKeyPair } from './self-signed.js';

let harness: Harness;
let cast: Cast;
let env: string;
beforeAll(async () => {
  harness = await startHarness();
  cast = await buildCast(harness);
  env = cast.environment.name;
});
afterAll(() => harness.close());

const login = { username: 'ci', password: 'hunter2' };
const NO_TRACE = { audit: [], outbox: [] };

const upsert = (address: string, body: UpsertBody) =>
  upsertRegistry(cast.owner.client, env, address, body);
const traces = (work: () => Promise<unknown>) => tracesOf(harness, cast.environment.id, work);

async function stackOf(registryId: string) {
  const page = await cast.owner.client(endpoints.listCredentials, { env, registryId });
  return page.items.map(({ username, scope, state }) => `${username} ${scope} ${state}`);
}

describe('200', () => {
  it('adds what is missing', async () => {
    const address = freeAddress();
    const added = await upsert(address, { name: 'Ours', provider: 'harbor', credential: login });
    expect(Registry.strict().parse(added)).toMatchObject({
      address,
      name: 'Ours',
      provider: 'harbor',
      credentialCount: 1,
      effectiveCredentials: [{ username: 'ci', scope: '' }],
    });
  });

  it('changes nothing and leaves no trace the second time', async () => {
    const address = freeAddress();
    const { certificate, key } = createKeyPair();
    const body = {
      name: 'Ours',
      description: 'by a script',
      deliver: 'nodes',
      connection: {
        scheme: 'https',
        caCertificate: certificate,
        clientCertificate: certificate,
        clientKey: key,
      },
      credential: { ...login, expiresAt: '2040-01-01T00:00:00Z', scope: 'team-a' },
    } as const;
    const first = await upsert(address, body);
    const left = await traces(async () => {
      expect(await upsert(address, body)).toEqual(first);
      expect(await upsert(`https://${address.toUpperCase()}/v2/`, body)).toEqual(first);
      expect(await upsert(address, {})).toEqual(first);
    });
    expect(left).toEqual(NO_TRACE);
  });

  it('adds a credential when the user name or the secret differ from the newest of the scope', async () => {
    const address = freeAddress();
    const { id } = await upsert(address, { credential: login });
    await upsert(address, { credential: { ...login, password: 'rotated' } });
    await upsert(address, { credential: { username: 'cd', password: 'rotated' } });
    await upsert(address, { credential: { ...login, scope: 'team-a' } });
    // Back to an older login: the newest is what counts.
    await upsert(address, { credential: login });
    expect(await stackOf(id)).toEqual([
      'ci  enabled',
      'ci team-a enabled',
      'cd  enabled',
      'ci  enabled',
      'ci  enabled',
    ]);
  });

  it('compares user name and secret together, never joined', async () => {
    const address = freeAddress();
    const { id } = await upsert(address, { credential: { username: 'a', password: 'bc' } });
    await upsert(address, { credential: { username: 'ab', password: 'c' } });
    expect(await stackOf(id)).toHaveLength(2);
  });

  it('never enables what someone disabled', async () => {
    const address = freeAddress();
    const { id } = await upsert(address, { credential: login });
    const page = await cast.owner.client(endpoints.listCredentials, { env, registryId: id });
    const credentialId = page.items[0]?.id ?? '';
    await cast.owner.client(endpoints.disableCredential, { env, registryId: id, credentialId });
    await cast.owner.client(endpoints.disableRegistry, { env, registryId: id });
    expect(await traces(() => upsert(address, { credential: login }))).toEqual(NO_TRACE);
    const after = await upsert(address, { credential: { ...login, password: 'rotated' } });
    expect(after).toMatchObject({ state: 'disabled', effectiveCredentials: [] });
    expect(await stackOf(id)).toEqual(['ci  enabled', 'ci  disabled']);
  });

  it('takes a new time of expiry over without adding', async () => {
    const address = freeAddress();
    const { id } = await upsert(address, { credential: login });
    const left = await traces(async () => {
      const credential = { ...login, expiresAt: '2040-01-01T00:00:00Z' };
      const { effectiveCredentials } = await upsert(address, { credential });
      expect(effectiveCredentials[0]?.expiresAt).toBe('2040-01-01T00:00:00.000Z');
    });
    expect(left.audit).toEqual([`credential.update ci on ${address}`]);
    expect(await stackOf(id)).toHaveLength(1);
  });

  it('takes an encoded address with a path as address and scope', async () => {
    const credential = login;
    const added = await upsert('ghcr.io/team-a', { credential });
    expect(added).toMatchObject({
      address: 'ghcr.io',
      effectiveCredentials: [{ scope: 'team-a' }],
    });
    const left = await traces(() => upsert('https://GHCR.io/team-a/', { credential }));
    expect(left).toEqual(NO_TRACE);
  });

  it('takes a scheme of the address as a setting of the connection', async () => {
    const address = freeAddress();
    expect((await upsert(`http://${address}`, {})).connection.scheme).toBe('http');
    expect((await upsert(address, { description: 'x' })).connection.scheme).toBe('http');
    expect((await upsert(`https://${address}`, {})).connection.scheme).toBe('https');
  });

  it('adds one credential for many equal calls at the same moment, also when it adds the registry', async () => {
    const address = freeAddress();
    for (const password of ['first', 'second']) {
      const credential = { ...login, password };
      const left = await traces(() =>
        Promise.all(Array.from({ length: 8 }, () => upsert(address, { credential }))),
      );
      expect(left.audit.filter((text) => text.startsWith('credential.create'))).toHaveLength(1);
    }
    const { id, credentialCount } = await upsert(address, {});
    expect(credentialCount).toBe(2);
    expect(await stackOf(id)).toHaveLength(2);
  });
});

describe('at the same moment', () => {
  it('answers clearly and loses nothing when the registry is deleted, edited and added', async () => {
    const answers = new Set<string>();
    for (let round = 0; round < 15; round += 1) {
      const address = freeAddress();
      const { id } = await upsert(address, { credential: login });
      const at = { env, registryId: id };
      const list = await cast.owner.client(endpoints.listCredentials, at);
      const one = { ...at, credentialId: list.items[0]?.id ?? '' };
      const body = { password: 'edited' };
      const outcomes = await Promise.allSettled([
        upsert(address, { credential: { ...login, password: 'rotated' } }),
        cast.owner.client(endpoints.updateCredential, { ...one, body }),
        cast.owner.client(endpoints.deleteRegistry, at),
        cast.owner.client(endpoints.disableCredential, one),
        upsert(address, { credential: { ...login, password: 'again' } }),
        cast.owner.client(endpoints.disableRegistry, at),
      ]);
      for (const outcome of outcomes)
        answers.add(
          outcome.status === 'fulfilled'
            ? 'done'
            : (await problemOf(Promise.reject(outcome.reason))).code,
        );
      // An upsert always ends with the registry there, unless the deletion came after it.
      expect([outcomes[0].status, outcomes[4].status]).toEqual(['fulfilled', 'fulfilled']);
      const orphans = `select 1 from credentials c where not exists (select 1 from registries r where r.id = c.registry_id)`;
      expect(await harness.database.query(orphans)).toEqual([]);
    }
    answers.delete('object.not-found');
    expect([...answers]).toEqual(['done']);
  });
});

describe('by an API key', () => {
  it('lets automation with the permission add and rotate, and no other key', async () => {
    const build = (permissions: readonly Permission[]) =>
      buildApiKey(harness, cast.owner.id, { permissions, environmentId: cast.environment.id });
    const [writer, reader] = [await build(['registries:write']), await build(['registries:read'])];
    const address = freeAddress();
    await upsertRegistry(writer.client, env, address, { credential: login });
    const call = upsertRegistry(reader.client, env, address, { credential: login });
    expect((await problemOf(call)).code).toBe('permission.denied');
  });
});

describe('400', () => {
  it.each([
    ['%', 'bad escape', 'request.malformed'],
    ['hub.docker.com', 'look-alike', 'registry.address-invalid'],
    ['ghcr.io%2Fteam-a', 'path without credential', 'registry.path-without-credential'],
  ])('refuses the address %s in the path (%s)', async (address, _, code) => {
    const response = await fetch(
      `${harness.origin}/api/v1/environments/${env}/registries/by-address/${address}`,
      {
        method: 'PUT',
        headers: { ...cast.owner.headers, 'content-type': 'application/json' },
        body: '{}',
      },
    );
    expect([response.status, (await response.json()) as object]).toMatchObject([400, { code }]);
  });

  it('names the path parameter as the place of a bad address', async () => {
    expect(await problemOf(upsert('bücher.example', {}))).toMatchObject({
      code: 'registry.address-invalid',
      errors: [{ pointer: 'address', code: 'address.not-ascii' }],
    });
  });

  it('stores neither registry nor change when the credential is refused', async () => {
    const address = freeAddress();
    const credential = { ...login, password: 'line\nbreak' };
    const left = await traces(async () => {
      expect((await problemOf(upsert(address, { credential }))).code).toBe('credential.invalid');
    });
    expect(left).toEqual(NO_TRACE);
  });
});

describe('412', () => {
  it('refuses a stale version, and any version of a registry that is not there', async () => {
    const address = freeAddress();
    const call = (ifMatch: number, name: string) =>
      cast.owner.client(endpoints.upsertRegistry, { env, address, ifMatch, body: { name } });
    expect((await problemOf(call(1, 'x'))).code).toBe('object.stale');
    await upsert(address, {});
    expect((await call(1, 'y')).version).toBe(2);
    expect((await problemOf(call(1, 'z'))).code).toBe('object.stale');
  });
});
