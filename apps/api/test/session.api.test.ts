import { endpoints, ProblemDocument, Session } from '@moorage/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuthRepository } from '../src/auth/auth.repository.js';
import { SessionService } from '../src/auth/session.service.js';
import { buildApiKey, buildCast, buildUser, type Cast, PASSWORD } from './factories.js';
import { clientOf, type Harness, problemOf, signIn, startHarness } from './harness.js';

let harness: Harness;
let cast: Cast;
beforeAll(async () => {
  harness = await startHarness();
  cast = await buildCast(harness);
});
afterAll(() => harness.close());

function post(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${harness.origin}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

describe('200 and 204', () => {
  it('signs in with a cookie that scripts cannot read, and tells who is there and what they may do', async () => {
    const response = await post({ username: cast.owner.username, password: PASSWORD });
    expect(response.status).toBe(204);
    expect(response.headers.getSetCookie()[0]).toMatch(
      /^moorage-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=604800$/,
    );
    const session = await clientOf(harness, await signIn(harness, cast.owner.username, PASSWORD))(
      endpoints.getSession,
      {},
    );
    expect(Session.strict().parse(session)).toMatchObject({
      user: { username: cast.owner.username, role: 'user' },
      permissions: ['tools:use'],
    });
    expect(session.environments).toMatchObject([{ name: cast.environment.name, role: 'owner' }]);
    expect(session.environments[0]?.permissions).toContain('members:manage');
  });

  it('takes a user name in capitals and with blanks around it', async () => {
    await signIn(harness, ` ${cast.viewer.username.toUpperCase()} `, PASSWORD);
  });

  it('gives a new token at each sign-in, and signing out ends only that session', async () => {
    const [first, second] = [
      await signIn(harness, cast.member.username, PASSWORD),
      await signIn(harness, cast.member.username, PASSWORD),
    ];
    expect(first.cookie).not.toBe(second.cookie);
    await clientOf(harness, first)(endpoints.signOut, {});
    expect((await problemOf(clientOf(harness, first)(endpoints.getSession, {}))).status).toBe(401);
    await clientOf(harness, second)(endpoints.getSession, {});
  });

  it('does not take over a session token that the caller brought along', async () => {
    const planted = 'A'.repeat(43);
    const response = await post(
      { username: cast.viewer.username, password: PASSWORD },
      { cookie: `moorage-session=${planted}` },
    );
    expect(response.status).toBe(204);
    expect(response.headers.getSetCookie()[0]).not.toContain(planted);
    expect(
      (
        await problemOf(
          clientOf(harness, { cookie: `moorage-session=${planted}` })(endpoints.getSession, {}),
        )
      ).status,
    ).toBe(401);
  });

  it('sets a Secure cookie with the __Host- prefix behind https', async () => {
    const https = await startHarness({
      variables: { MOORAGE_PUBLIC_URL: 'https://moorage.example' },
    });
    const user = await buildUser(https);
    const response = await fetch(`${https.origin}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'https://moorage.example' },
      body: JSON.stringify({ username: user.username, password: PASSWORD }),
    });
    expect(response.headers.getSetCookie()[0]).toMatch(
      /^__Host-moorage-session=.*; Path=\/; HttpOnly; SameSite=Lax; Max-Age=604800; Secure$/,
    );
    await https.close();
  });
});

describe('401', () => {
  it('answers an unknown name, a wrong password and a disabled user alike', async () => {
    const disabled = await buildUser(harness);
    await harness.database.execute(`update users set state = 'disabled' where id = $1`, [
      disabled.id,
    ]);
    const answers = await Promise.all(
      [
        { username: 'nobody-here', password: PASSWORD },
        { username: cast.viewer.username, password: 'wrong password' },
        { username: disabled.username, password: PASSWORD },
      ].map(async (body) => {
        const response = await post(body);
        return {
          status: response.status,
          body: { ...ProblemDocument.parse(await response.json()), requestId: '' },
          cookies: response.headers.getSetCookie(),
        };
      }),
    );
    expect(answers[0]).toMatchObject({
      status: 401,
      body: { code: 'session.invalid-login' },
      cookies: [],
    });
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  it('ends a session at its absolute end and after a day without use', async () => {
    for (const change of [`expires_at = now()`, `last_seen_at = now() - interval '25 hours'`]) {
      const user = await buildUser(harness);
      await user.client(endpoints.getSession, {});
      await harness.database.execute(`update sessions set ${change} where user_id = $1`, [user.id]);
      expect((await problemOf(user.client(endpoints.getSession, {}))).code).toBe(
        'session.required',
      );
    }
  });

  it('starts the day without use anew with a request, noted once a minute', async () => {
    const user = await buildUser(harness);
    const ageAfterUse = async (age: string) => {
      const { database } = harness;
      const of = 'where user_id = $1';
      await database.execute(`update sessions set last_seen_at = now() - interval '${age}' ${of}`, [
        user.id,
      ]);
      await user.client(endpoints.getSession, {});
      const text = `select extract(epoch from now() - last_seen_at)::int as age from sessions ${of}`;
      return async () => (await database.one<{ age: number }>(text, [user.id]))?.age;
    };
    await expect.poll(await ageAfterUse('23 hours')).toBeLessThan(10);
    expect(await (await ageAfterUse('30 seconds'))()).toBeGreaterThanOrEqual(30);
  });

  it('stops sessions and keys of a disabled user at once', async () => {
    const user = await buildUser(harness);
    const key = await buildApiKey(harness, user.id, { permissions: ['tools:use'] });
    await key.client(endpoints.getSession, {});
    await cast.admin.client(endpoints.updateUser, { userId: user.id, body: { state: 'disabled' } });
    for (const client of [user.client, key.client])
      expect((await problemOf(client(endpoints.getSession, {}))).status).toBe(401);
  });

  // The password is checked before the session is written; it can change in between.
  it('starts no session for a password that was changed while it was checked', async () => {
    const user = await buildUser(harness);
    const repository = harness.app.get(AuthRepository);
    const checked = await repository.findUserForSignIn(user.username);
    if (checked === undefined) throw new Error('no such user');
    const body = { password: 'another long password' };
    await cast.admin.client(endpoints.updateUser, { userId: user.id, body });
    const from = { requestId: 'r', address: '192.0.2.1' };
    await expect(harness.app.get(SessionService).start(checked, from)).rejects.toMatchObject({
      code: 'session.invalid-login',
    });
  });

  it('takes a key from the Authorization header only, never from the query or a body', async () => {
    const key = await buildApiKey(harness, cast.admin.id, { permissions: ['users:manage'] });
    for (const query of [
      `access_token=${key.token}`,
      `token=${key.token}`,
      `api_key=${key.token}`,
    ]) {
      expect((await fetch(`${harness.origin}/api/v1/users?${query}`)).status).toBe(401);
    }
    const body = JSON.stringify({
      access_token: key.token,
      username: 'x',
      password: 'long enough',
    });
    expect(
      (
        await fetch(`${harness.origin}/api/v1/users`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body,
        })
      ).status,
    ).toBe(401);
  });

  it('lets a wrong key be nobody, even beside a good cookie', async () => {
    for (const authorization of ['Bearer mrg_0_0', 'Bearer', 'Basic YTpi', 'Nonsense']) {
      expect(
        (
          await problemOf(
            clientOf(harness, { ...cast.admin.headers, authorization })(endpoints.getSession, {}),
          )
        ).status,
      ).toBe(401);
    }
  });
});

describe('403', () => {
  it('refuses a cross-site sign-in and a cross-site change with a cookie, also from a sub-domain', async () => {
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
    ]) {
      expect(
        await (await post({ username: cast.viewer.username, password: PASSWORD }, headers)).json(),
      ).toMatchObject({ code: 'request.cross-site' });
      const change = clientOf(harness, { ...cast.admin.headers, ...headers })(
        endpoints.createEnvironment,
        { body: { displayName: 'Forged' } },
      );
      expect((await problemOf(change)).code).toBe('request.cross-site');
    }
  });

  it('accepts a change from its own pages', async () => {
    const headers = {
      ...cast.admin.headers,
      origin: harness.origin,
      'sec-fetch-site': 'same-origin',
    };
    await clientOf(harness, headers)(endpoints.createEnvironment, {
      body: { displayName: 'From our page' },
    });
  });
});

describe('415', () => {
  it('refuses every body that a foreign page could send without asking', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/plain; application/json',
    ]) {
      const response = await post(
        { username: cast.viewer.username, password: PASSWORD },
        { 'content-type': type },
      );
      expect([response.status, ProblemDocument.parse(await response.json()).code]).toEqual([
        415,
        'request.media-type',
      ]);
    }
  });
});

describe('429', () => {
  it('slows guessing down, also when the guesses come all at once', async () => {
    const user = await buildUser(harness);
    const statuses = await Promise.all(
      Array.from(
        { length: 30 },
        async (_, n) =>
          (await post({ username: user.username, password: `guess number ${n}` })).status,
      ),
    );
    expect(statuses.filter((status) => status === 401)).toHaveLength(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(20);
    const refused = await post({ username: user.username, password: PASSWORD });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});
