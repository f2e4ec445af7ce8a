import { ApiKey, endpoints } from '@moorage/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApiKey, buildCast, buildEnvironment, type Cast } from './factories.js';
import { clientOf, type Harness, problemOf, startHarness } from './harness.js';

let harness: Harness;
let cast: Cast;
beforeAll(async () => {
  harness = await startHarness();
  cast = await buildCast(harness);
});
afterAll(() => harness.close());

describe('200 and 201', () => {
  it('shows the key once and never again', async () => {
    const created = await cast.owner.client(endpoints.createApiKey, {
      body: { name: 'CI', permissions: ['registries:read'] },
    });
    expect(created.key).toMatch(/^mrg_[0-9a-f]{32}_[0-9a-f]{72}$/);
    const { items } = await cast.owner.client(endpoints.listApiKeys, { query: { q: 'CI' } });
    expect(items.map((item) => ApiKey.strict().parse(item).id)).toEqual([created.id]);
    expect(JSON.stringify(items)).not.toContain(created.key);
    const dump = await harness.database.query('select k::text as row from api_keys k');
    expect(JSON.stringify(dump)).not.toContain(created.key.slice(37));
  });

  it('acts with its own permissions, and remembers when it was used', async () => {
    const created = await cast.owner.client(endpoints.createApiKey, {
      body: {
        name: 'reader',
        permissions: ['environment:read'],
        environmentId: cast.environment.id,
      },
    });
    const client = clientOf(harness, { authorization: `Bearer ${created.key}` });
    await client(endpoints.getEnvironment, { env: cast.environment.id });
    const write = client(endpoints.putMember, {
      env: cast.environment.id,
      userId: cast.viewer.id,
      body: { role: 'viewer' },
    });
    expect((await problemOf(write)).code).toBe('permission.denied');
    await expect
      .poll(
        async () =>
          (await cast.owner.client(endpoints.listApiKeys, { query: { q: 'reader' } })).items[0]
            ?.lastUsedAt,
      )
      .not.toBeNull();
  });

  it('does not keep the secret for a repeated request', async () => {
    const call = () =>
      cast.owner.client(endpoints.createApiKey, {
        body: { name: 'once', permissions: ['tools:use'] },
        idempotencyKey: 'key-1',
      });
    await call();
    expect((await problemOf(call())).code).toBe('request.idempotency-secret');
    const rows = await harness.database.query<{ reply: unknown }>(
      'select reply from idempotency_keys',
    );
    expect(JSON.stringify(rows)).not.toContain('mrg_');
  });
});

describe('204', () => {
  it('revokes a key at once', async () => {
    const key = await buildApiKey(harness, cast.owner.id, { permissions: ['tools:use'] });
    await key.client(endpoints.getSession, {});
    await cast.owner.client(endpoints.deleteApiKey, { keyId: key.id });
    expect((await problemOf(key.client(endpoints.getSession, {}))).status).toBe(401);
  });
});

describe('401', () => {
  it('refuses an expired key, and one with the right id and a wrong secret', async () => {
    const expired = await buildApiKey(harness, cast.owner.id, {
      permissions: ['tools:use'],
      expiresAt: new Date(Date.now() - 1000),
    });
    expect((await problemOf(expired.client(endpoints.getSession, {}))).status).toBe(401);
    const [one, other] = [
      await buildApiKey(harness, cast.owner.id, { permissions: ['tools:use'] }),
      await buildApiKey(harness, cast.owner.id, { permissions: ['tools:use'] }),
    ];
    const mixed = `${one.token.slice(0, 36)}${other.token.slice(36)}`;
    expect(
      (
        await problemOf(
          clientOf(harness, { authorization: `Bearer ${mixed}` })(endpoints.getSession, {}),
        )
      ).status,
    ).toBe(401);
  });
});

describe('400 and 403', () => {
  it('refuses a key that could do more than its owner', async () => {
    for (const permissions of [
      ['users:manage'],
      ['registries:read', 'registries:write'],
    ] as const) {
      const call = cast.viewer.client(endpoints.createApiKey, {
        body: { name: 'wide', permissions: [...permissions] },
      });
      expect((await problemOf(call)).code).toBe('api-key.permission-too-wide');
    }
  });

  it('loses what its owner loses', async () => {
    const key = await buildApiKey(harness, cast.member.id, {
      permissions: ['environment:read', 'members:manage'],
    });
    await key.client(endpoints.getEnvironment, { env: cast.environment.id });
    const put = () =>
      key.client(endpoints.putMember, {
        env: cast.environment.id,
        userId: cast.viewer.id,
        body: { role: 'viewer' },
      });
    expect((await problemOf(put())).code).toBe('permission.denied');
    await harness.database.execute('delete from members where user_id = $1', [cast.member.id]);
    expect(
      (await problemOf(key.client(endpoints.getEnvironment, { env: cast.environment.id }))).status,
    ).toBe(404);
  });

  it('does not look after keys with a key', async () => {
    const key = await buildApiKey(harness, cast.admin.id, {
      permissions: ['users:manage', 'tools:use'],
    });
    for (const call of [
      () => key.client(endpoints.listApiKeys, {}),
      () => key.client(endpoints.createApiKey, { body: { name: 'x', permissions: ['tools:use'] } }),
      () => key.client(endpoints.deleteApiKey, { keyId: key.id }),
    ]) {
      expect((await problemOf(call())).code).toBe('permission.denied');
    }
  });

  it('refuses an expiry that is past', async () => {
    const call = cast.owner.client(endpoints.createApiKey, {
      body: { name: 'x', permissions: ['tools:use'], expiresAt: '2020-01-01T00:00:00Z' },
    });
    expect((await problemOf(call)).errors?.[0]?.code).toBe('in-the-past');
  });
});

describe('404', () => {
  it('hides every environment but its own from a bound key', async () => {
    const other = await buildEnvironment(harness);
    const key = await buildApiKey(harness, cast.admin.id, {
      permissions: ['environment:read', 'environments:manage'],
      environmentId: cast.environment.id,
    });
    await key.client(endpoints.getEnvironment, { env: cast.environment.id });
    expect((await problemOf(key.client(endpoints.getEnvironment, { env: other.id }))).status).toBe(
      404,
    );
    expect((await key.client(endpoints.listEnvironments, {})).items.map((item) => item.id)).toEqual(
      [cast.environment.id],
    );
    expect(
      (await problemOf(key.client(endpoints.createEnvironment, { body: { displayName: 'x' } })))
        .code,
    ).toBe('permission.denied');
  });

  it("does not revoke or reveal another user's key", async () => {
    const key = await buildApiKey(harness, cast.owner.id, { permissions: ['tools:use'] });
    expect(
      (await problemOf(cast.admin.client(endpoints.deleteApiKey, { keyId: key.id }))).status,
    ).toBe(404);
    await key.client(endpoints.getSession, {});
  });

  it('does not bind a key to an environment that its owner may not know of', async () => {
    const other = await buildEnvironment(harness);
    const call = cast.owner.client(endpoints.createApiKey, {
      body: { name: 'x', permissions: ['environment:read'], environmentId: other.id },
    });
    expect((await problemOf(call)).code).toBe('object.not-found');
  });
});
