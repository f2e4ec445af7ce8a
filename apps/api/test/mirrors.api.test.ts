import { endpoints, Mirror, pageOf } from '@moorage/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCast, type Cast } from './factories.js';
import { clientOf, type Harness, problemOf, startHarness } from './harness.js';
import { freeAddress, refusalsOf, tracesOf } from './registry-calls.js';

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

const strict = Mirror.strict();
const REWRITES = [{ pattern: '^library/(.*)', replacement: 'cache/$1' }];

const add = (body: object = {}, { client } = cast.owner, at = env) =>
  client(endpoints.createMirror, {
    env: at,
    body: { registry: freeAddress(), endpoints: ['https://m.example.com'], ...body },
  });

describe('200', () => {
  it('shows mirrors to every role, in order', async () => {
    const { environment, owner, viewer } = other;
    for (const registry of ['quay.io', 'docker.io', '*'])
      await add({ registry }, owner, environment.id);
    const page = await viewer.client(endpoints.listMirrors, { env: environment.id });
    expect(
      pageOf(strict)
        .strict()
        .parse(page)
        .items.map(({ registry }) => registry),
    ).toEqual(['quay.io', 'docker.io', '*']);
    const mirrorId = page.items[0]?.id ?? '';
    const got = await viewer.client(endpoints.getMirror, { env: environment.id, mirrorId });
    expect(got).toEqual(page.items[0]);
  });

  it('changes endpoints, rewrites and place, each by itself and in the order given', async () => {
    const added = await add({ rewrites: REWRITES });
    const at = { env, mirrorId: added.id };
    const list = ['https://b.example.com', 'https://a.example.com/v2/x'];
    const one = await cast.owner.client(endpoints.updateMirror, {
      ...at,
      body: { endpoints: list },
    });
    expect(strict.parse(one)).toEqual({ ...added, endpoints: list, version: 2 });
    const two = await cast.owner.client(endpoints.updateMirror, {
      ...at,
      body: { position: 7, rewrites: [] },
    });
    expect(two).toEqual({ ...one, position: 7, rewrites: [], version: 3 });
  });

  it('leaves no trace of a change that changes nothing', async () => {
    const added = await add({ rewrites: REWRITES });
    const { endpoints: list, rewrites, position } = added;
    const traces = await tracesOf(harness, cast.environment.id, async () => {
      const body = { endpoints: list, rewrites, position };
      const same = cast.owner.client(endpoints.updateMirror, { env, mirrorId: added.id, body });
      expect(await same).toEqual(added);
    });
    expect(traces).toEqual({ audit: [], outbox: [] });
  });
});

describe('201 and 204', () => {
  it('stores the canonical registry and endpoints, and puts the mirror last', async () => {
    const before = await add();
    const added = await add({
      registry: 'https://Registry-1.Docker.io',
      endpoints: [' HTTPS://Cache.Example.com/v2/Hub ', 'localhost:5000'],
    });
    expect(strict.parse(added)).toMatchObject({
      registry: 'docker.io',
      endpoints: ['https://cache.example.com/v2/Hub', 'localhost:5000'],
      position: before.position + 1,
    });
  });

  it('writes an audit entry and an event for every change', async () => {
    const registry = freeAddress();
    const traces = await tracesOf(harness, cast.environment.id, async () => {
      const { id } = await add({ registry });
      const at = { env, mirrorId: id };
      await cast.owner.client(endpoints.updateMirror, { ...at, body: { position: 3 } });
      await cast.owner.client(endpoints.deleteMirror, { ...at, ifMatch: 2 });
      expect((await problemOf(cast.owner.client(endpoints.getMirror, at))).status).toBe(404);
    });
    expect(traces).toEqual({
      audit: ['create', 'update', 'delete'].map((verb) => `mirror.${verb} ${registry}`),
      outbox: ['mirrors created', 'mirrors updated', 'mirrors deleted'],
    });
  });
});

describe('400', () => {
  it.each<[string, object, string, string]>([
    ['a path', { registry: 'ghcr.io/team-a' }, '/registry', 'mirror.registry-has-path'],
    ['no address', { registry: 'hub.docker.com' }, '/registry', 'address.lookalike'],
    ['another wildcard', { registry: '*.io' }, '/registry', 'address.wildcard'],
    [
      'a login in an endpoint',
      { endpoints: ['https://a:planted@m.io'] },
      '/endpoints/0',
      'mirror.endpoint-invalid',
    ],
    [
      'a quote in an endpoint',
      { endpoints: ['https://a.io', 'https://m.io/"'] },
      '/endpoints/1',
      'mirror.endpoint-invalid',
    ],
    [
      'an endpoint twice',
      { endpoints: ['https://m.io', 'HTTPS://M.io'] },
      '/endpoints/1',
      'mirror.endpoint-repeated',
    ],
    [
      'a pattern that Go cannot compile',
      { rewrites: [{ pattern: '(?=a)', replacement: '' }] },
      '/rewrites/0/pattern',
      'mirror.pattern-invalid',
    ],
    [
      'a pattern twice',
      { rewrites: [...REWRITES, ...REWRITES] },
      '/rewrites/1/pattern',
      'mirror.pattern-repeated',
    ],
    ['an unknown field', { url: 'x' }, '/url', 'unknown-field'],
  ])('refuses %s at its place', async (_, body, pointer, code) => {
    const problem = await problemOf(add(body));
    expect(problem).toMatchObject({ status: 400, errors: [{ pointer, code }] });
    expect(JSON.stringify(problem)).not.toContain('planted');
  });
});

describe('401, 403 and 404', () => {
  it('asks who is calling, lets members and viewers change nothing, tells strangers nothing', async () => {
    const { id } = await add();
    const at = { env, mirrorId: id };
    expect(await refusalsOf([clientOf(harness)(endpoints.getMirror, at)])).toEqual([
      '401 session.required',
    ]);
    const calls = [cast.member, cast.viewer].flatMap((user) => [
      add({}, user),
      user.client(endpoints.updateMirror, { ...at, body: { position: 1 } }),
      user.client(endpoints.deleteMirror, at),
    ]);
    expect(await refusalsOf(calls)).toEqual(['403 permission.denied']);
    const places = [at, { ...at, env: other.environment.id }].flatMap((place) => [
      other.owner.client(endpoints.getMirror, place),
      other.owner.client(endpoints.updateMirror, { ...place, body: { position: 1 } }),
      other.owner.client(endpoints.deleteMirror, place),
    ]);
    expect(await refusalsOf(places)).toEqual(['404 object.not-found']);
  });
});

describe('409 and 412', () => {
  it('keeps one mirror per registry, also when two are added at once', async () => {
    const registry = freeAddress();
    const calls = Array.from({ length: 4 }, () => add({ registry: `https://${registry}` }));
    const outcomes = await Promise.allSettled(calls);
    const refused = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason] : [],
    );
    expect(await refusalsOf(refused.map((reason: unknown) => Promise.reject(reason)))).toEqual([
      '409 mirror.exists',
    ]);
    expect(refused).toHaveLength(3);
  });

  it('refuses whatever is based on an older version', async () => {
    const { id } = await add();
    const at = { env, mirrorId: id };
    await cast.owner.client(endpoints.updateMirror, { ...at, body: { position: 90 } });
    const calls = [
      cast.owner.client(endpoints.updateMirror, { ...at, ifMatch: 1, body: { position: 91 } }),
      cast.owner.client(endpoints.deleteMirror, { ...at, ifMatch: 1 }),
    ];
    expect(await refusalsOf(calls)).toEqual(['412 object.stale']);
  });
});
