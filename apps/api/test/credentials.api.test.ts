import { Credential, endpoints, pageOf } from '@moorage/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApiKey, buildCast, type Cast } from './factories.js';
import { clientOf, type Harness, problemOf, startHarness } from './harness.js';
import { addCredential, addRegistry, refusalsOf, tracesOf } from './registry-calls.js';

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

const strict = Credential.strict();
const NONE = '00000000-0000-4000-8000-000000000000';
const SERVICE_ACCOUNT = JSON.stringify({
  type: 'service_account',
  project_id: 'p',
  client_email: 'a@p.iam.gserviceaccount.com',
  private_key: 'not a key',
});

async function buildStack(...usernames: readonly string[]) {
  const registry = await addRegistry(cast.owner.client, env);
  const credentials: Credential[] = [];
  for (const username of usernames)
    credentials.push(await addCredential(cast.owner.client, env, registry.id, { username }));
  const at = (index: number) => ({
    env,
    registryId: registry.id,
    credentialId: credentials[index]?.id ?? NONE,
  });
  return { registry, credentials, at };
}

async function rolesOf(registryId: string): Promise<Record<string, string>> {
  const page = await cast.viewer.client(endpoints.listCredentials, { env, registryId });
  expect(pageOf(strict).strict().parse(page)).toEqual(page);
  return Object.fromEntries(page.items.map(({ username, role }) => [username, role]));
}

describe('200', () => {
  it('lists the stack newest first, with the part that each one plays', async () => {
    const { registry, at } = await buildStack('a', 'b', 'c', 'd', 'e');
    await cast.owner.client(endpoints.disableCredential, at(3));
    const roles = await rolesOf(registry.id);
    expect(Object.entries(roles)).toEqual([
      ['e', 'effective'],
      ['d', 'disabled'],
      ['c', 'next'],
      ['b', 'older'],
      ['a', 'older'],
    ]);
    await cast.owner.client(endpoints.disableRegistry, { env, registryId: registry.id });
    expect((await rolesOf(registry.id))['e']).toBe('registry-disabled');
  });

  it('shows one to every role, in the declared shape, without its secret', async () => {
    const { credentials, at } = await buildStack('ci');
    for (const { client } of [cast.admin, cast.owner, cast.member, cast.viewer])
      expect(strict.parse(await client(endpoints.getCredential, at(0)))).toEqual(credentials[0]);
    expect(Object.keys(credentials[0] ?? {})).not.toContain('password');
  });

  it('falls back to the next older one when disabled, and comes back at its old place', async () => {
    const { registry, at } = await buildStack('old', 'new');
    const disabled = await cast.owner.client(endpoints.disableCredential, at(1));
    expect(strict.parse(disabled)).toMatchObject({ role: 'disabled', effective: false });
    expect(await rolesOf(registry.id)).toEqual({ old: 'effective', new: 'disabled' });
    const enabled = await cast.owner.client(endpoints.enableCredential, at(1));
    expect(enabled).toMatchObject({ role: 'effective', sequence: disabled.sequence });
    expect(await rolesOf(registry.id)).toEqual({ old: 'next', new: 'effective' });
  });

  it('keeps the order when an older one is edited', async () => {
    const { registry, credentials, at } = await buildStack('old', 'new');
    const edited = await cast.owner.client(endpoints.updateCredential, {
      ...at(0),
      body: { username: 'older', password: 'another', description: 'rotated' },
    });
    expect(edited).toMatchObject({ username: 'older', sequence: credentials[0]?.sequence });
    expect(await rolesOf(registry.id)).toEqual({ older: 'next', new: 'effective' });
  });

  it('keeps an expired newest credential effective', async () => {
    const { registry } = await buildStack('old');
    const body = { username: 'expired', expiresAt: '2001-01-01T00:00:00Z' };
    await addCredential(cast.owner.client, env, registry.id, body);
    expect(await rolesOf(registry.id)).toEqual({ expired: 'effective', old: 'next' });
  });

  it('edits the description of a Google key without asking for the key again', async () => {
    const { registry } = await buildStack();
    const { id } = await addCredential(cast.owner.client, env, registry.id, {
      username: '_json_key',
      password: SERVICE_ACCOUNT,
    });
    const edited = await cast.owner.client(endpoints.updateCredential, {
      env,
      registryId: registry.id,
      credentialId: id,
      body: { username: '_json_key', description: 'of project p' },
    });
    expect(edited.description).toBe('of project p');
  });

  it('sets, keeps and clears the time of expiry', async () => {
    const { at } = await buildStack('ci');
    const change = async (body: { expiresAt?: string | null; description?: string }) =>
      (await cast.owner.client(endpoints.updateCredential, { ...at(0), body })).expiresAt;
    expect(await change({ expiresAt: '2030-01-01T02:00:00+02:00' })).toBe(
      '2030-01-01T00:00:00.000Z',
    );
    expect(await change({ description: 'x' })).toBe('2030-01-01T00:00:00.000Z');
    expect(await change({ expiresAt: null })).toBe(null);
  });

  it('leaves no trace of a change that changes nothing', async () => {
    const { credentials, at } = await buildStack('ci');
    const traces = await tracesOf(harness, cast.environment.id, async () => {
      const body = { username: 'ci', description: '', expiresAt: null };
      const same = await cast.owner.client(endpoints.updateCredential, { ...at(0), body });
      expect(same).toEqual(credentials[0]);
      expect(await cast.owner.client(endpoints.enableCredential, at(0))).toEqual(credentials[0]);
    });
    expect(traces).toEqual({ audit: [], outbox: [] });
  });

  it('writes an audit entry and an event for every change', async () => {
    const { registry, at } = await buildStack('ci');
    const traces = await tracesOf(harness, cast.environment.id, async () => {
      const body = { password: 'another' };
      await cast.owner.client(endpoints.updateCredential, { ...at(0), body });
      await cast.owner.client(endpoints.disableCredential, at(0));
      await cast.owner.client(endpoints.enableCredential, at(0));
      await cast.owner.client(endpoints.deleteCredential, at(0));
    });
    const verbs = ['update', 'disable', 'enable', 'delete'];
    expect(traces.audit).toEqual(
      verbs.map((verb) => `credential.${verb} ci on ${registry.address}`),
    );
    expect(traces.outbox.join()).toBe(
      'credentials updated,credentials updated,credentials updated,credentials deleted',
    );
  });
});

describe('201', () => {
  it.each<[string, string, string]>([
    ['a dollar sign', 'robot$team+ci', '$ecret$(id)`'],
    ['other scripts', 'пользователь', '密码🔑 ñ'],
    ['blanks inside and around a password', 'my user', ' pass word '],
    ['64 KiB', 'ci', 'x'.repeat(65_536)],
    [
      'a service-account key with line breaks',
      '_json_key',
      JSON.stringify(JSON.parse(SERVICE_ACCOUNT), null, 2),
    ],
    ['its base64', '_json_key_base64', Buffer.from(SERVICE_ACCOUNT).toString('base64')],
  ])('takes %s as it is', async (_, username, password) => {
    const { registry } = await buildStack('old');
    const added = await addCredential(cast.owner.client, env, registry.id, { username, password });
    expect(strict.parse(added)).toMatchObject({ username, role: 'effective', version: 1 });
  });

  it('names who added it, also for an API key', async () => {
    const { registry } = await buildStack();
    const key = await buildApiKey(harness, cast.owner.id, {
      permissions: ['registries:write'],
      environmentId: cast.environment.id,
    });
    const byUser = await addCredential(cast.admin.client, env, registry.id);
    const byKey = await addCredential(key.client, env, registry.id);
    expect([byUser.createdBy, byKey.sequence > byUser.sequence]).toEqual([
      cast.admin.username,
      true,
    ]);
    expect(byKey.createdBy).not.toBe('');
  });

  it('orders additions of the same moment totally', async () => {
    const { registry } = await buildStack();
    const added = await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        addCredential(cast.owner.client, env, registry.id, { username: `user-${n}` }),
      ),
    );
    const newest = added.toSorted((a, b) => b.sequence - a.sequence)[0];
    expect(new Set(added.map(({ sequence }) => sequence)).size).toBe(12);
    const { effectiveCredentials } = await cast.viewer.client(endpoints.getRegistry, {
      env,
      registryId: registry.id,
    });
    expect(effectiveCredentials.map(({ id }) => id)).toEqual([newest?.id]);
  });

  it('keeps a stack of its own for every scope', async () => {
    const { registry } = await buildStack('whole');
    await addCredential(cast.owner.client, env, registry.id, {
      username: 'part',
      scope: '/team-a/',
    });
    expect(await rolesOf(registry.id)).toEqual({ whole: 'effective', part: 'effective' });
  });
});

describe('204', () => {
  it('deletes; the next older one serves', async () => {
    const { registry, at } = await buildStack('old', 'new');
    await cast.owner.client(endpoints.deleteCredential, { ...at(1), ifMatch: 1 });
    expect(await rolesOf(registry.id)).toEqual({ old: 'effective' });
  });
});

describe('400', () => {
  it.each<[string, object, string, string]>([
    ['an empty password', { password: '' }, '/password', 'credential.password-empty'],
    [
      'a password of 1 MiB',
      { password: 'x'.repeat(1_048_576) },
      '/password',
      'credential.password-too-long',
    ],
    ['more than that', { password: 'x'.repeat(1_048_577) }, '/password', 'too-big'],
    [
      'a line break at the end',
      { password: 'planted\n' },
      '/password',
      'credential.password-has-line-break',
    ],
    ['a NUL', { password: 'plan\u0000ted' }, '/password', 'credential.password-has-control'],
    ['an empty user name', { username: ' ' }, '/username', 'credential.username-empty'],
    ['a colon in the user name', { username: 'a:b' }, '/username', 'credential.username-has-colon'],
    [
      'a Google key that is no JSON',
      { username: '_json_key' },
      '/password',
      'credential.json-key-not-json',
    ],
    [
      'a Google key of another kind',
      { username: '_json_key', password: '{}' },
      '/password',
      'credential.json-key-incomplete',
    ],
    ['a wildcard scope', { scope: 'team/*' }, '/scope', 'scope.wildcard'],
    ['a scope with a tag', { scope: 'team:1' }, '/scope', 'scope.has-tag'],
    ['a time that is none', { expiresAt: 'tomorrow' }, '/expiresAt', 'invalid-format'],
    [
      'a time before 1970',
      { expiresAt: '0000-01-01T00:00:00Z' },
      '/expiresAt',
      'credential.expiry-out-of-range',
    ],
    [
      'a time after 9999',
      { expiresAt: '9999-12-31T23:59:59-23:59' },
      '/expiresAt',
      'credential.expiry-out-of-range',
    ],
    ['an unknown field', { token: 'x' }, '/token', 'unknown-field'],
    ['another kind', { kind: 'aws-ecr' }, '/kind', 'invalid-value'],
  ])('refuses %s, names the place and repeats nothing', async (_, body, pointer, code) => {
    const { registry } = await buildStack();
    const problem = await problemOf(addCredential(cast.owner.client, env, registry.id, body));
    expect(problem).toMatchObject({ status: 400, errors: [{ pointer, code }] });
    expect(JSON.stringify(problem)).not.toContain('planted');
    expect(await rolesOf(registry.id)).toEqual({});
  });

  it('asks for the password that belongs to a new user name', async () => {
    const { at } = await buildStack('ci');
    const call = cast.owner.client(endpoints.updateCredential, {
      ...at(0),
      body: { username: 'cd' },
    });
    expect(await problemOf(call)).toMatchObject({
      code: 'credential.secret-required',
      errors: [{ pointer: '/password' }],
    });
  });

  it('checks a new password by the rules of the user name that it will have', async () => {
    const { at } = await buildStack('ci');
    const body = { username: '_json_key', password: 'not json' };
    const call = cast.owner.client(endpoints.updateCredential, { ...at(0), body });
    expect(await problemOf(call)).toMatchObject({
      errors: [{ code: 'credential.json-key-not-json' }],
    });
  });
});

describe('401 and 403', () => {
  it('asks who is calling, and lets members and viewers change nothing', async () => {
    const { registry, at } = await buildStack('ci');
    expect((await problemOf(clientOf(harness)(endpoints.getCredential, at(0)))).status).toBe(401);
    const calls = [cast.member, cast.viewer].flatMap(({ client }) => [
      addCredential(client, env, registry.id),
      client(endpoints.updateCredential, { ...at(0), body: { description: 'x' } }),
      client(endpoints.enableCredential, at(0)),
      client(endpoints.disableCredential, at(0)),
      client(endpoints.deleteCredential, at(0)),
    ]);
    expect(await refusalsOf(calls)).toEqual(['403 permission.denied']);
  });
});

describe('404', () => {
  it("answers for another tenant's and another registry's credential as for none", async () => {
    const { at } = await buildStack('ci');
    const neighbour = await buildStack('ci');
    const mine = await addRegistry(other.owner.client, other.environment.id);
    const places = [
      { client: other.owner.client, ...at(0) },
      { client: other.owner.client, ...at(0), env: other.environment.id },
      { client: other.owner.client, ...at(0), env: other.environment.id, registryId: mine.id },
      { client: cast.owner.client, ...at(0), registryId: neighbour.registry.id },
      { client: cast.owner.client, ...at(0), credentialId: NONE },
    ];
    const calls = places.flatMap(({ client, ...place }) => [
      client(endpoints.getCredential, place),
      client(endpoints.updateCredential, { ...place, body: { password: 'x' } }),
      client(endpoints.enableCredential, place),
      client(endpoints.disableCredential, place),
      client(endpoints.deleteCredential, place),
      client(endpoints.getCredentialImpact, { ...place, query: { action: 'disable' } }),
    ]);
    const lists = [
      other.owner.client(endpoints.listCredentials, at(0)),
      addCredential(other.owner.client, other.environment.id, at(0).registryId),
    ];
    expect(await refusalsOf([...calls, ...lists])).toEqual(['404 object.not-found']);
    expect(await rolesOf(at(0).registryId)).toEqual({ ci: 'effective' });
  });

  it('answers so for an addition to a registry that is deleted at that moment', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const { registry } = await buildStack();
        const [added] = await Promise.allSettled([
          addCredential(cast.owner.client, env, registry.id),
          cast.owner.client(endpoints.deleteRegistry, { env, registryId: registry.id }),
        ]);
        return added.status === 'fulfilled'
          ? 'added'
          : (await problemOf(Promise.reject(added.reason))).status;
      }),
    );
    expect(outcomes.filter((outcome) => outcome !== 'added' && outcome !== 404)).toEqual([]);
  });
});

describe('412', () => {
  it('refuses whatever is based on an older version', async () => {
    const { at } = await buildStack('ci');
    await cast.owner.client(endpoints.updateCredential, { ...at(0), body: { password: 'new' } });
    const stale = { ...at(0), ifMatch: 1 };
    const calls = [
      cast.owner.client(endpoints.updateCredential, { ...stale, body: { description: 'x' } }),
      cast.owner.client(endpoints.enableCredential, stale),
      cast.owner.client(endpoints.disableCredential, stale),
      cast.owner.client(endpoints.deleteCredential, stale),
    ];
    expect(await refusalsOf(calls)).toEqual(['412 object.stale']);
  });
});
