import { randomUUID } from 'node:crypto';
import { endpoints } from '@moorage/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildCast, type Cast } from './factories.js';
import { type Harness, startHarness } from './harness.js';
import { addRegistry } from './registry-calls.js';

const credential = { username: 'ci', password: 'hunter2' };
const NOWHERE = { namespaces: 0, inSync: 0, failed: 0 };

let harness: Harness;
let cast: Cast;
let env: string;
beforeAll(async () => {
  harness = await startHarness();
  cast = await buildCast(harness);
  env = cast.environment.name;
});
afterAll(() => harness.close());

/** A target with namespaces in these states, on a cluster that somebody else holds the lease of. */
async function seedTarget(
  state: 'active' | 'removing',
  namespaces: readonly string[],
  environmentId = cast.environment.id,
): Promise<void> {
  const id = randomUUID();
  await harness.database.execute(
    `with held as (
       insert into clusters (id, name, server, access_kind, lease_holder, lease_until)
       values ($1, $2, 'https://127.0.0.1:1', 'token', 'test', now() + interval '1 day') returning id),
     target as (
       insert into targets (id, environment_id, cluster_id, secret_name, state)
       select $1, $3, held.id, 'pull', $4 from held returning id)
     insert into target_namespaces (target_id, namespace, state)
     select target.id, 'ns-' || n.at, n.state from target, unnest($5::text[]) with ordinality n (state, at)`,
    [id, `c-${id}`, environmentId, state, namespaces],
  );
}

it('answers an addition with what reading it answers, in every way to add one', async () => {
  await seedTarget('active', ['in-sync', 'pending']);
  const bodies = [
    {},
    { credential },
    { credential: { ...credential, expiresAt: '2031-05-06T07:08:09.123Z' } },
    { credential, deliver: 'nodes' as const },
  ];
  for (const body of bodies) {
    const added = await addRegistry(cast.owner.client, env, body);
    const read = await cast.owner.client(endpoints.getRegistry, { env, registryId: added.id });
    expect(added).toEqual(read);
  }
});

it('reaches nothing without a login, or when logins go to the nodes alone', async () => {
  await seedTarget('active', ['in-sync']);
  const add = (body: Parameters<typeof addRegistry>[2]) =>
    addRegistry(cast.owner.client, env, body);
  expect((await add({})).reach).toEqual(NOWHERE);
  expect((await add({ credential, deliver: 'nodes' })).reach).toEqual(NOWHERE);
});

it('counts the namespaces of all active targets of its environment, ignored ones not', async () => {
  const own = await buildCast(harness);
  const added = (name: string) =>
    addRegistry(own.owner.client, own.environment.name, { address: `${name}.example`, credential });
  expect((await added('before')).reach).toEqual(NOWHERE);
  const states = ['in-sync', 'in-sync', 'pending', 'failed', 'conflict', 'ignored'];
  await seedTarget('active', states, own.environment.id);
  await seedTarget('active', ['in-sync', 'failed'], own.environment.id);
  await seedTarget('active', [], own.environment.id);
  await seedTarget('removing', ['in-sync', 'failed'], own.environment.id);
  expect((await added('after')).reach).toEqual({ namespaces: 7, inSync: 3, failed: 3 });
});
