import { endpoints, ImageResolution } from '@moorage/contract';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildCast } from './factories.js';
import { problemOf } from './harness.js';
import { putSetting, untilHalf } from './policy-calls.js';
import { addRegistry, addTarget, type Stage, settled, startStage } from './sync-stage.js';

let stage: Stage;
let env: string;
let clusterId: string;
beforeAll(async () => {
  stage = await startStage();
  env = stage.cast.environment.id;
  const cluster = await stage.connect({ namespaces: ['shop'] });
  clusterId = cluster.id;
  const target = await addTarget(stage, clusterId, { namespaces: { include: ['shop'] } });
  await settled(stage, target.id);
  const login = { address: 'ghcr.io', username: 'puller', password: 'hunter2-secret' };
  await addRegistry(stage, { ...login, scope: 'acme' });
});
afterEach(async () => {
  for (const name of ['registry.default', 'registry.whitelist']) {
    await stage.cast.owner.client(endpoints.deleteSetting, { env, name });
  }
});
afterAll(() => stage.close());

const put = (name: string, value: string) =>
  stage.cast.owner.client(endpoints.putSetting, { env, name, body: { value } });
async function resolve(image: string, user: 'member' | 'viewer' = 'member') {
  const body = { image };
  return ImageResolution.strict().parse(
    await stage.cast[user].client(endpoints.resolveImage, { env, body }),
  );
}

describe('200', () => {
  it('says the name that would run, the rule, the login and the pull secret', async () => {
    await put('registry.default', 'ghcr.io/acme');
    await put('registry.whitelist', 'quay.io');
    const found = await resolve('web:1');
    expect(found).toMatchObject({
      ...{ image: 'ghcr.io/acme/web:1', rewrittenFrom: 'web:1', allowed: true, enforced: false },
      rule: { kind: 'default-registry', entry: 'ghcr.io/acme' },
      credential: { username: 'puller', scope: 'acme' },
      pullSecret: `moorage-${stage.cast.environment.name}`,
      clusters: [{ clusterId, image: 'ghcr.io/acme/web:1', outcome: 'runs' }],
    });
    expect(JSON.stringify(found)).not.toContain('hunter2');
  });

  it('answers "no" with 200, also to viewers, and says what to use instead', async () => {
    await put('registry.whitelist', 'quay.io');
    const found = await resolve('ghcr.io/acme/web', 'viewer');
    expect(found).toMatchObject({ allowed: false, rule: { kind: 'not-listed' } });
    expect(found.reason).toContain('Use an image of quay.io');
  });

  it('names what is wrong with a name that cannot be read', async () => {
    expect(await resolve('ghcr.io/Acme/web')).toMatchObject({
      ...{ allowed: false, rule: { kind: 'not-an-image-name', code: 'reference.upper-case' } },
    });
  });

  it('allows everything without a whitelist', async () => {
    const found = await resolve('anything.example/x');
    expect(found).toMatchObject({ allowed: true, rule: { kind: 'no-whitelist' } });
    expect(found.credential).toBeUndefined();
    expect(found.pullSecret).toBeUndefined();
  });

  it('tells what another environment does in a shared namespace, once it does it, unnamed', async () => {
    const other = await buildCast(stage.harness);
    await stage.cast.admin.client(endpoints.createTarget, {
      env: other.environment.id,
      body: { clusterId, namespaces: { include: ['shop'] } },
    });
    const detailOf = async () => (await resolve('evil.example/x')).clusters[0]?.detail ?? '';
    expect(await detailOf()).not.toContain('another environment');
    await putSetting(other.admin, other.environment.id, 'registry.whitelist', 'ghcr.io');
    const half = { env: other.environment.id, clusterId, half: 'whitelist' } as const;
    await untilHalf(other.owner, half, { state: 'in-force' });
    const detail = await detailOf();
    expect(detail).toContain('In namespace shop, which another environment serves too');
    expect(detail).not.toContain(other.environment.name);
  });
});

describe('400 and 404', () => {
  it('wants an image', async () => {
    expect((await problemOf(resolve(''))).code).toBe('request.invalid');
  });

  it('knows no cluster that the environment does not reach, and no environment of strangers', async () => {
    const other = await stage.connect();
    const ask = (asked: string) =>
      stage.cast.member.client(endpoints.resolveImage, {
        ...{ env, body: { image: 'x', clusterId: asked } },
      });
    expect((await ask(clusterId)).clusters).toHaveLength(1);
    expect((await problemOf(ask(other.id))).status).toBe(404);
    const stranger = stage.cast.stranger.client(endpoints.resolveImage, {
      ...{ env, body: { image: 'x' } },
    });
    expect((await problemOf(stranger)).status).toBe(404);
  });
});
