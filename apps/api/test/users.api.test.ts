import { endpoints, PERMISSIONS, User } from '@moorage/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  buildAdmin,
  buildApiKey,
  buildSession,
  buildUser,
  PASSWORD,
  type TestUser,
} from './factories.js';
import { clientOf, type Harness, problemOf, signIn, startHarness } from './harness.js';

let harness: Harness;
let admin: TestUser;
beforeAll(async () => {
  harness = await startHarness();
  admin = await buildAdmin(harness);
});
afterAll(() => harness.close());

function newUser(username: string) {
  return admin.client(endpoints.createUser, { body: { username, password: PASSWORD } });
}

describe('200', () => {
  it('lists users without anything of their passwords', async () => {
    const { items } = await admin.client(endpoints.listUsers, { query: { q: admin.username } });
    expect(items.map((item) => User.strict().parse(item).username)).toEqual([admin.username]);
  });

  it('gives one user', async () => {
    expect(await admin.client(endpoints.getUser, { userId: admin.id })).toMatchObject({
      role: 'admin',
      state: 'active',
    });
  });

  it('ends all sessions of a user whose password or role an administrator changes', async () => {
    for (const body of [{ password: 'another long password' }, { role: 'admin' as const }]) {
      const user = await buildUser(harness);
      await admin.client(endpoints.updateUser, { userId: user.id, body });
      expect((await problemOf(user.client(endpoints.getSession, {}))).status).toBe(401);
    }
  });

  it('keeps sessions when only the display name changes', async () => {
    const user = await buildUser(harness);
    await admin.client(endpoints.updateUser, { userId: user.id, body: { displayName: 'Renamed' } });
    expect((await user.client(endpoints.getSession, {})).user.displayName).toBe('Renamed');
  });
});

describe('201', () => {
  it('adds a user who can sign in', async () => {
    const user = await newUser('new.person@example');
    expect(user).toMatchObject({ role: 'user', state: 'active', displayName: '' });
    await signIn(harness, 'new.person@example', PASSWORD);
  });

  it('never writes a password into the audit, only that it was set', async () => {
    const user = await newUser('audited');
    await admin.client(endpoints.updateUser, {
      userId: user.id,
      body: { password: 'a password for the audit' },
    });
    const rows = await harness.database.query<{ changes: object }>(
      'select changes from audit_entries where object_id = $1 order by id',
      [user.id],
    );
    expect(rows.at(-1)?.changes).toEqual({ password: { before: null, after: 'changed' } });
  });
});

describe('204', () => {
  it('changes the own password, which ends the other sessions and keeps this one', async () => {
    const user = await buildUser(harness);
    const other = clientOf(harness, await buildSession(harness, user.id));
    await user.client(endpoints.changeOwnPassword, {
      body: { current: PASSWORD, new: 'my brand new password' },
    });
    await user.client(endpoints.getSession, {});
    expect((await problemOf(other(endpoints.getSession, {}))).status).toBe(401);
    await signIn(harness, user.username, 'my brand new password');
  });

  it('deletes a user with sessions and keys', async () => {
    const user = await buildUser(harness);
    const key = await buildApiKey(harness, user.id, { permissions: ['tools:use'] });
    await admin.client(endpoints.deleteUser, { userId: user.id });
    for (const client of [user.client, key.client])
      expect((await problemOf(client(endpoints.getSession, {}))).status).toBe(401);
  });
});

describe('400', () => {
  it('refuses fields that a caller may not set', async () => {
    const body = {
      username: 'mass',
      password: PASSWORD,
      state: 'active',
      id: admin.id,
      createdAt: '2020-01-01T00:00:00Z',
      passwordHash: 'x',
    };
    const problem = await problemOf(admin.client(endpoints.createUser, { body }));
    expect(problem.errors?.map((error) => error.pointer)).toEqual([
      '/state',
      '/id',
      '/createdAt',
      '/passwordHash',
    ]);
  });

  it('does not repeat a refused password', async () => {
    const problem = await problemOf(
      admin.client(endpoints.createUser, { body: { username: 'UPPER', password: 'zq7' } }),
    );
    expect(problem.code).toBe('request.invalid');
    expect(JSON.stringify(problem)).not.toMatch(/zq7|UPPER/);
  });

  it('asks for the current password', async () => {
    const user = await buildUser(harness);
    const call = user.client(endpoints.changeOwnPassword, {
      body: { current: 'not this one', new: 'my brand new password' },
    });
    expect((await problemOf(call)).code).toBe('user.wrong-password');
  });

  it('refuses an id that is none', async () => {
    expect((await problemOf(admin.client(endpoints.getUser, { userId: 'x' }))).code).toBe(
      'request.invalid',
    );
  });
});

describe('403', () => {
  it('keeps users out of the user administration, and keys out of passwords', async () => {
    const user = await buildUser(harness);
    expect((await problemOf(user.client(endpoints.listUsers, {}))).code).toBe('permission.denied');
    const key = await buildApiKey(harness, admin.id, { permissions: ['users:manage'] });
    const change = key.client(endpoints.changeOwnPassword, {
      body: { current: PASSWORD, new: 'my brand new password' },
    });
    expect((await problemOf(change)).code).toBe('permission.denied');
  });
});

describe('403 and 429 against taking over', () => {
  // Else a key for the directory of users would be a key for everything: reset, sign in.
  it('keeps administrators out of reach of a key that holds less than they do', async () => {
    const permissions = ['users:manage'] as const;
    const { client } = await buildApiKey(harness, admin.id, { permissions });
    const other = await buildAdmin(harness);
    const user = await buildUser(harness);
    const password = 'a password of the thief';
    for (const call of [
      () => client(endpoints.createUser, { body: { username: 'made', password, role: 'admin' } }),
      () => client(endpoints.updateUser, { userId: other.id, body: { password } }),
      () => client(endpoints.updateUser, { userId: user.id, body: { role: 'admin' } }),
      () => client(endpoints.deleteUser, { userId: other.id }),
    ]) {
      expect((await problemOf(call())).code).toBe('permission.denied');
    }
    await client(endpoints.updateUser, { userId: user.id, body: { password } });
    await client(endpoints.createUser, { body: { username: 'made', password } });
  });

  it('lets a key that holds everything do what its administrator does', async () => {
    const { client } = await buildApiKey(harness, admin.id, { permissions: [...PERMISSIONS] });
    const body = { username: 'second-admin', password: PASSWORD, role: 'admin' } as const;
    expect((await client(endpoints.createUser, { body })).role).toBe('admin');
  });

  it('bounds the guesses at the current password that a stolen session can make', async () => {
    const user = await buildUser(harness);
    const body = { current: 'not this one', new: 'my brand new password' };
    const guess = () => problemOf(user.client(endpoints.changeOwnPassword, { body }));
    for (let n = 0; n < 10; n += 1) expect((await guess()).code).toBe('user.wrong-password');
    expect((await guess()).code).toBe('request.rate-limited');
  });
});

describe('404', () => {
  it('answers 404 for a user that does not exist', async () => {
    const userId = '00000000-0000-4000-8000-000000000000';
    for (const call of [
      () => admin.client(endpoints.getUser, { userId }),
      () => admin.client(endpoints.updateUser, { userId, body: {} }),
      () => admin.client(endpoints.deleteUser, { userId }),
    ]) {
      expect((await problemOf(call())).code).toBe('object.not-found');
    }
  });
});

describe('409', () => {
  it('refuses a user name that is taken', async () => {
    await newUser('taken');
    expect((await problemOf(newUser('taken'))).code).toBe('user.name-exists');
  });

  it('keeps the last active administrator, also when two would leave at once', async () => {
    const alone = await startHarness();
    const [first, second] = [await buildAdmin(alone), await buildAdmin(alone)];
    const results = await Promise.allSettled([
      first.client(endpoints.updateUser, { userId: first.id, body: { role: 'user' } }),
      second.client(endpoints.updateUser, { userId: second.id, body: { state: 'disabled' } }),
    ]);
    expect(results.map((result) => result.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const [left] = await alone.database.query<{ count: number }>(
      `select count(*)::int as count from users where role = 'admin' and state = 'active'`,
    );
    expect(left?.count).toBe(1);
    await alone.close();
  });
});

describe('412', () => {
  it('refuses a change that is based on an older version', async () => {
    const user = await buildUser(harness);
    const call = admin.client(endpoints.updateUser, {
      userId: user.id,
      body: { displayName: 'x' },
      ifMatch: 99,
    });
    expect((await problemOf(call)).code).toBe('object.stale');
  });
});
