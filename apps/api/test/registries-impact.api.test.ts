import { randomUUID } from 'node:crypto';
import { endpoints, Impact } from '@moorage/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCast, type Cast } from './factories.js';
import { type Harness, problemOf, startHarness } from './harness.js';
import { addCredential, addRegistry } from './registry-calls.js';

let harness: Harness;
let cast: Cast;
let env: string;
beforeAll(async () => {
  harness = await startHarness();
  cast = await buildCast(harness);
  env = cast.environment.id;
  await buildTarget('plain', false, ['in-sync', 'failed', 'ignored']);
  await buildTarget('nodes', true, ['pending']);
});
afterAll(() => harness.close());

async function buildTarget(name: string, nodeConfig: boolean, states: readonly string[]) {
  const [clusterId, targetId] = [randomUUID(), randomUUID()];
  await harness.database.execute(
    `insert into clusters (id, name, server, access_kind) values ($1, $2, 'https://k.example', 'simulated')`,
    [clusterId, name],
  );
  await harness.database.execute(
    `insert into targets (id, environment_id, cluster_id, secret_name, node_config_enabled) values ($1, $2, $3, 'moorage-x', $4)`,
    [targetId, env, clusterId, nodeConfig],
  );
  for (const [index, state] of states.entries())
    await harness.database.execute(
      'insert into target_namespaces (target_id, namespace, state) values ($1, $2, $3)',
      [targetId, `ns-${index}`, state],
    );
}

type Action = 'disable' | 'delete';
const login = (username: string, scope = '') => ({ username, password: 'hunter2', scope });

async function ofRegistry(registryId: string, action: Action = 'disable'): Promise<Impact> {
  const impact = await cast.viewer.client(endpoints.getRegistryImpact, {
    env,
    registryId,
    query: { action },
  });
  return Impact.strict().parse(impact);
}

async function ofCredential(registryId: string, credentialId: string): Promise<Impact> {
  return Impact.strict().parse(
    await cast.viewer.client(endpoints.getCredentialImpact, {
      env,
      registryId,
      credentialId,
      query: { action: 'delete' },
    }),
  );
}

const changesOf = (impact: Impact) =>
  impact.changes.map(({ before, after }) => `${before.username} → ${after?.username ?? 'nothing'}`);
const targetsOf = (impact: Impact) =>
  impact.targets.map(({ clusterName, namespaces }) => `${clusterName} ${namespaces}`);

describe('200', () => {
  it('names every login that leaves with a registry, and the targets that hold it', async () => {
    const { id, address } = await addRegistry(cast.owner.client, env, { credential: login('old') });
    await addCredential(cast.owner.client, env, id, login('new'));
    await addCredential(cast.owner.client, env, id, login('part', 'team-a'));
    const impact = await ofRegistry(id, 'delete');
    expect(impact).toMatchObject({ action: 'delete', changes: [{ address }, { address }] });
    expect(changesOf(impact)).toEqual(['new → nothing', 'part → nothing']);
    expect(targetsOf(impact)).toEqual(['nodes 1', 'plain 2']);
  });

  it('names what a credential falls back to: the next older one of its scope', async () => {
    const { id } = await addRegistry(cast.owner.client, env, { credential: login('oldest') });
    const old = await addCredential(cast.owner.client, env, id, login('old'));
    const off = await addCredential(cast.owner.client, env, id, login('off'));
    const newest = await addCredential(cast.owner.client, env, id, login('newest'));
    await cast.owner.client(endpoints.disableCredential, {
      env,
      registryId: id,
      credentialId: off.id,
    });
    expect(changesOf(await ofCredential(id, newest.id))).toEqual(['newest → old']);
    expect(await ofCredential(id, old.id)).toMatchObject({ changes: [], targets: [] });
    expect(await ofCredential(id, off.id)).toMatchObject({ changes: [], targets: [] });
  });

  it('names the longest wider scope as the fallback of the last one of a scope', async () => {
    const { id } = await addRegistry(cast.owner.client, env, { credential: login('whole') });
    const team = await addCredential(cast.owner.client, env, id, login('team', 'team-a'));
    const app = await addCredential(cast.owner.client, env, id, login('app', 'team-a/app'));
    expect(changesOf(await ofCredential(id, app.id))).toEqual(['app → team']);
    expect(changesOf(await ofCredential(id, team.id))).toEqual(['team → whole']);
  });

  it('is empty for what is switched off already', async () => {
    const { id } = await addRegistry(cast.owner.client, env, { credential: login('ci') });
    await cast.owner.client(endpoints.disableRegistry, { env, registryId: id });
    expect(await ofRegistry(id)).toMatchObject({ changes: [], targets: [] });
  });

  it('counts only the targets that hand the login out: pods, nodes or both', async () => {
    const reach = async (deliver: 'both' | 'pull-secret' | 'nodes', scope = '') => {
      const { id } = await addRegistry(cast.owner.client, env, {
        deliver,
        credential: login('ci', scope),
      });
      return targetsOf(await ofRegistry(id));
    };
    expect(await reach('pull-secret')).toEqual(['nodes 1', 'plain 2']);
    expect(await reach('nodes')).toEqual(['nodes 0']);
    // Nodes know one login per host: a scoped one never went there.
    expect(await reach('nodes', 'team-a')).toEqual([]);
  });

  it('counts the targets whose nodes lose its connection settings, though no login leaves', async () => {
    const { id } = await addRegistry(cast.owner.client, env, {
      connection: { insecureSkipVerify: true },
    });
    const impact = await ofRegistry(id);
    expect([changesOf(impact), targetsOf(impact)]).toEqual([[], ['nodes 0']]);
  });

  it('names the mirrors of it and those that fetch from it', async () => {
    const { id } = await addRegistry(cast.owner.client, env, { address: 'docker.io' });
    const add = (registry: string, ...endpoint: string[]) =>
      cast.owner.client(endpoints.createMirror, { env, body: { registry, endpoints: endpoint } });
    await add('docker.io', 'https://cache.example.com');
    await add('quay.io', 'https://Registry-1.docker.io/v2/quay');
    await add('ghcr.io', 'https://not-docker.io', 'https://example.com/docker.io');
    const { mirrors } = await ofRegistry(id);
    expect(mirrors.map(({ registry }) => registry)).toEqual(['docker.io', 'quay.io']);
  });
});

describe('400', () => {
  it('wants to know which action', async () => {
    const { id } = await addRegistry(cast.owner.client, env);
    const query = { action: 'explode' as Action };
    const call = cast.viewer.client(endpoints.getRegistryImpact, { env, registryId: id, query });
    expect((await problemOf(call)).code).toBe('request.invalid');
  });
});
