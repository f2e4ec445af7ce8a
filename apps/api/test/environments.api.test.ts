import {
  type CallReply,
  Environment,
  EnvironmentSummary,
  endpoints,
  Member,
} from '@moorage/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCast, buildUser, type Cast } from './factories.js';
import { clientOf, type Harness, problemOf, startHarness } from './harness.js';

let harness: Harness;
let cast: Cast;
beforeAll(async () => {
  harness = await startHarness();
  cast = await buildCast(harness);
});
afterAll(() => harness.close());

function listPage(
  query: Record<'sort' | 'q' | 'cursor', string> & { limit: number },
): Promise<CallReply<typeof endpoints.listEnvironments>> {
  return cast.admin.client(endpoints.listEnvironments, { query });
}

async function createEnvironment(displayName: string, name?: string) {
  return cast.admin.client(endpoints.createEnvironment, {
    body: { displayName, ...(name === undefined ? {} : { name }) },
  });
}

describe('200', () => {
  it('gives an environment by id and by name, in the declared shape', async () => {
    const byName = await cast.viewer.client(endpoints.getEnvironment, {
      env: cast.environment.name,
    });
    const byId = await cast.viewer.client(endpoints.getEnvironment, { env: cast.environment.id });
    expect(Environment.strict().parse(byName)).toEqual(byId);
  });

  it('lists to a member only the environments of that member, and all to an administrator', async () => {
    const mine = await cast.viewer.client(endpoints.listEnvironments, {});
    expect(mine.items.map((item) => item.id)).toEqual([cast.environment.id]);
    expect(mine.total).toBe(1);
    const all = await cast.admin.client(endpoints.listEnvironments, {});
    expect(all.items.map((item) => item.name)).toContain('default');
    const none = await cast.stranger.client(endpoints.listEnvironments, {});
    expect(none).toEqual({ items: [], nextCursor: null, total: 0 });
  });

  it('pages through a list without gaps or repetitions, in both directions', async () => {
    for (const name of ['page-c', 'page-a', 'page-b', 'page-e', 'page-d'])
      await createEnvironment('Same name', name);
    for (const sort of ['name', '-name', 'displayName', '-createdAt']) {
      const names: string[] = [];
      let cursor: string | null = '';
      do {
        const page = await listPage({ limit: 2, sort, q: 'page-', cursor });
        expect(page.total).toBe(5);
        names.push(...page.items.map((item) => item.name));
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(names.toSorted()).toEqual(['page-a', 'page-b', 'page-c', 'page-d', 'page-e']);
      if (sort === '-name') expect(names[0]).toBe('page-e');
    }
  });

  it('treats wildcards of SQL in q as plain characters', async () => {
    const page = await cast.admin.client(endpoints.listEnvironments, { query: { q: '%' } });
    expect(page.total).toBe(0);
  });

  it('counts for the overview', async () => {
    const summary = await cast.viewer.client(endpoints.getEnvironmentSummary, {
      env: cast.environment.id,
    });
    expect(EnvironmentSummary.strict().parse(summary).registries).toEqual({
      total: 0,
      disabled: 0,
      withoutCredential: 0,
    });
  });

  it('changes display name and description, and counts the version up', async () => {
    const created = await createEnvironment('Before');
    const after = await cast.admin.client(endpoints.updateEnvironment, {
      env: created.id,
      body: { displayName: 'After' },
      ifMatch: created.version,
    });
    expect(after).toMatchObject({
      displayName: 'After',
      description: '',
      name: 'before',
      version: created.version + 1,
    });
  });

  it('gives a user a role, by id and by user name', async () => {
    const user = await buildUser(harness);
    const member = await cast.owner.client(endpoints.putMember, {
      env: cast.environment.id,
      userId: user.username,
      body: { role: 'member' },
    });
    expect(Member.strict().parse(member)).toMatchObject({ userId: user.id, role: 'member' });
    await cast.owner.client(endpoints.putMember, {
      env: cast.environment.id,
      userId: user.id,
      body: { role: 'viewer' },
    });
    const { items } = await cast.viewer.client(endpoints.listMembers, {
      env: cast.environment.id,
      query: { q: user.username },
    });
    expect(items.map((item) => item.role)).toEqual(['viewer']);
  });
});

describe('201', () => {
  it('makes the name from the display name, and a free one when it is taken', async () => {
    expect((await createEnvironment('Team Rocket!')).name).toBe('team-rocket');
    expect((await createEnvironment('Team  rocket')).name).toBe('team-rocket-2');
    expect((await createEnvironment('支付')).name).toBe('environment');
  });

  it('writes the audit entry and the event in the same transaction', async () => {
    const created = await createEnvironment('Audited');
    const [entry] = await harness.database.query<{ action: string; actor: string }>(
      'select action, actor_name as actor from audit_entries where object_id = $1',
      [created.id],
    );
    expect(entry).toEqual({ action: 'environment.create', actor: cast.admin.username });
    const events = await harness.database.query('select 1 from outbox where object_id = $1', [
      created.id,
    ]);
    expect(events).toHaveLength(1);
  });

  it('answers a repeated request with the same Idempotency-Key with the first reply', async () => {
    const call = () =>
      cast.admin.client(endpoints.createEnvironment, {
        body: { displayName: 'Once' },
        idempotencyKey: 'once-1',
      });
    const [first, second] = [await call(), await call()];
    expect(second).toEqual(first);
    const other = cast.admin.client(endpoints.createEnvironment, {
      body: { displayName: 'Twice' },
      idempotencyKey: 'once-1',
    });
    expect((await problemOf(other)).code).toBe('request.idempotency-mismatch');
  });
});

describe('202 and 204', () => {
  it('removes an environment that holds nothing in clusters at once', async () => {
    const created = await createEnvironment('Short-lived');
    await cast.admin.client(endpoints.deleteEnvironment, { env: created.id });
    expect(
      (await problemOf(cast.admin.client(endpoints.getEnvironment, { env: created.id }))).status,
    ).toBe(404);
  });

  it('takes a user out of an environment, whose next request then finds nothing', async () => {
    const user = await buildUser(harness);
    const at = { env: cast.environment.id, userId: user.id };
    await cast.owner.client(endpoints.putMember, { ...at, body: { role: 'viewer' } });
    await user.client(endpoints.getEnvironment, { env: cast.environment.id });
    await cast.owner.client(endpoints.deleteMember, at);
    expect(
      (await problemOf(user.client(endpoints.getEnvironment, { env: cast.environment.id }))).status,
    ).toBe(404);
  });
});

describe('400', () => {
  it('refuses an unknown field and names it, without repeating any value', async () => {
    const body = { displayName: '', simulated: true };
    const problem = await problemOf(cast.admin.client(endpoints.createEnvironment, { body }));
    expect(problem).toMatchObject({ status: 400, code: 'request.invalid' });
    expect(problem.errors?.map((error) => `${error.pointer} ${error.code}`)).toEqual([
      '/displayName too-small',
      '/simulated unknown-field',
    ]);
  });

  it('refuses a cursor that it did not make, and one of another order', async () => {
    const first = await cast.admin.client(endpoints.listEnvironments, {
      query: { limit: 1, sort: 'createdAt' },
    });
    const forged = Buffer.from('["createdAt","not a time","x"]').toString('base64url');
    for (const query of [
      { cursor: 'x' },
      { cursor: first.nextCursor ?? '', sort: 'name' },
      { cursor: forged, sort: 'createdAt' },
    ]) {
      expect((await problemOf(cast.admin.client(endpoints.listEnvironments, { query }))).code).toBe(
        'request.invalid',
      );
    }
  });

  it('refuses to sort or filter by a column that is not offered', async () => {
    for (const query of [{ sort: 'password_hash' }, { password_hash: 'x' }]) {
      expect((await problemOf(cast.admin.client(endpoints.listEnvironments, { query }))).code).toBe(
        'request.invalid',
      );
    }
  });
});

describe('401', () => {
  it('asks who is calling before anything else', async () => {
    expect(
      await problemOf(clientOf(harness)(endpoints.getEnvironment, { env: cast.environment.id })),
    ).toMatchObject({ status: 401, code: 'session.required' });
  });
});

describe('403', () => {
  it('lets only administrators make environments', async () => {
    for (const user of [cast.owner, cast.member, cast.viewer, cast.stranger]) {
      expect(
        (
          await problemOf(
            user.client(endpoints.createEnvironment, { body: { displayName: 'Mine' } }),
          )
        ).code,
      ).toBe('permission.denied');
    }
  });

  it('lets only owners and administrators change members', async () => {
    for (const user of [cast.member, cast.viewer]) {
      const call = user.client(endpoints.putMember, {
        env: cast.environment.id,
        userId: cast.viewer.id,
        body: { role: 'owner' },
      });
      expect((await problemOf(call)).code).toBe('permission.denied');
    }
  });
});

describe('404', () => {
  it('answers a stranger exactly as it answers for an environment that does not exist', async () => {
    const hidden = await problemOf(
      cast.stranger.client(endpoints.getEnvironment, { env: cast.environment.name }),
    );
    const missing = await problemOf(
      cast.stranger.client(endpoints.getEnvironment, { env: 'no-such-place' }),
    );
    expect({ ...hidden, requestId: '' }).toEqual({ ...missing, requestId: '' });
    expect(hidden.status).toBe(404);
  });

  it('answers 404 for a user that does not exist', async () => {
    const call = cast.owner.client(endpoints.putMember, {
      env: cast.environment.id,
      userId: 'nobody-here',
      body: { role: 'viewer' },
    });
    expect((await problemOf(call)).code).toBe('object.not-found');
  });
});

describe('409', () => {
  it('refuses a name that is taken', async () => {
    await createEnvironment('Taken', 'taken');
    expect((await problemOf(createEnvironment('Taken', 'taken'))).code).toBe(
      'environment.name-exists',
    );
  });

  it('keeps the default environment', async () => {
    expect(
      (await problemOf(cast.admin.client(endpoints.deleteEnvironment, { env: 'default' }))).code,
    ).toBe('environment.default-stays');
  });

  it('keeps the last owner when an owner would leave', async () => {
    const call = cast.owner.client(endpoints.deleteMember, {
      env: cast.environment.id,
      userId: cast.owner.id,
    });
    expect((await problemOf(call)).code).toBe('member.last-owner');
  });
});

describe('412', () => {
  it('refuses a change that is based on an older version', async () => {
    const created = await createEnvironment('Stale');
    const change = (ifMatch: number) =>
      cast.admin.client(endpoints.updateEnvironment, {
        env: created.id,
        body: { description: 'x' },
        ifMatch,
      });
    await change(created.version);
    expect(await problemOf(change(created.version))).toMatchObject({
      status: 412,
      code: 'object.stale',
    });
  });
});
