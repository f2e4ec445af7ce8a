import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TokenReply } from './registry-access.js';
import { type SimulatedRegistry, startSimulatedRegistry } from './simulated-registry.js';

const everything = { username: 'admin', password: 'secret-a' };
const teamA = { username: 'team-a', password: 'secret-b', repositories: ['team-a/'] };

describe('a simulated registry with bearer tokens', () => {
  let registry: SimulatedRegistry;

  beforeEach(async () => {
    registry = await startSimulatedRegistry({
      authentication: 'bearer',
      users: [everything, teamA],
      tokenSeconds: 60,
    });
  });
  afterEach(() => registry.stop());

  const basic = ({ username, password }: { username: string; password: string }) =>
    `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const get = (path: string, authorization?: string) =>
    fetch(`${registry.url}${path}`, {
      headers: authorization === undefined ? {} : { authorization },
    });

  async function token(user: typeof everything, scope: string): Promise<string> {
    const reply = await get(
      `/token?service=simulated-registry&scope=${encodeURIComponent(scope)}`,
      basic(user),
    );
    expect(reply.status).toBe(200);
    const { token: text, expires_in: life } = (await reply.json()) as TokenReply;
    expect(life).toBe(60);
    return `Bearer ${text}`;
  }

  it('names realm, service and scope in its challenge, and that it is simulated', async () => {
    const reply = await get('/v2/team-a/web/manifests/latest');
    expect(reply.status).toBe(401);
    const scope = 'repository:team-a/web:pull';
    const expected = `Bearer realm="${registry.url}/token",service="simulated-registry",scope="${scope}"`;
    expect(reply.headers.get('www-authenticate')).toBe(expected);
  });

  it('gives a token for the right login only', async () => {
    const scope = 'repository:team-a/web:pull';
    expect((await get(`/token?scope=${scope}`)).status).toBe(401);
    expect(
      (await get(`/token?scope=${scope}`, basic({ ...everything, password: 'wrong' }))).status,
    ).toBe(401);
    const authorization = await token(everything, scope);
    expect((await get('/v2/team-a/web/manifests/latest', authorization)).status).toBe(200);
    expect((await get('/v2/', authorization)).status).toBe(200);
  });

  it('limits a token to what its user may see and its scope names', async () => {
    const foreign = await token(teamA, 'repository:team-b/api:pull');
    expect((await get('/v2/team-b/api/manifests/3.2.1', foreign)).status).toBe(401);
    const own = await token(teamA, 'repository:team-a/web:pull');
    expect((await get('/v2/team-a/web/tags/list', own)).status).toBe(200);
    const other = await get('/v2/team-a/worker/tags/list', own);
    expect(other.headers.get('www-authenticate')).toContain('error="insufficient_scope"');
  });

  it('shows the catalog to a token of that scope only', async () => {
    const catalog = await token(everything, 'registry:catalog:*');
    expect(await (await get('/v2/_catalog', catalog)).json()).toMatchObject({
      repositories: ['base', 'team-a/web', 'team-a/worker', 'team-b/api'],
    });
    expect((await get('/v2/_catalog', await token(teamA, 'registry:catalog:*'))).status).toBe(401);
  });

  it('refuses a token after its end', async () => {
    await registry.stop();
    registry = await startSimulatedRegistry({
      authentication: 'bearer',
      users: [everything],
      tokenSeconds: 0,
    });
    const reply = await get(`/token?scope=repository:base:pull`, basic(everything));
    const { token: text } = (await reply.json()) as TokenReply;
    const late = await get('/v2/base/tags/list', `Bearer ${text}`);
    expect(late.headers.get('www-authenticate')).toContain('error="invalid_token"');
  });

  it('takes over other users at once', async () => {
    registry.setUsers([{ ...everything, password: 'rotated' }]);
    expect((await get('/token', basic(everything))).status).toBe(401);
    expect((await get('/token', basic({ ...everything, password: 'rotated' }))).status).toBe(200);
  });

  it('refuses pushes', async () => {
    const authorization = await token(everything, 'repository:base:pull,push');
    const reply = await fetch(`${registry.url}/v2/base/manifests/new`, {
      method: 'PUT',
      headers: { authorization },
      body: '{}',
    });
    expect(reply.status).toBe(405);
  });

  it('throttles and vanishes on command', async () => {
    registry.faults.setThrottle({ share: 1, retryAfterSeconds: 3 });
    const reply = await get('/v2/');
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([429, '3']);
    await registry.setUnreachable('refused');
    await expect(get('/v2/')).rejects.toThrow('fetch failed');
  });
});
