/** Image policies in simulated clusters: what is written when, what is left alone, what is said. */
import { endpoints } from '@moorage/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { neededPermissions } from '../src/clusters/cluster-permissions.js';
import { buildCast } from './factories.js';
import { problemOf } from './harness.js';
import { clusterOf, policiesIn, policyRequests, putSetting, untilHalf } from './policy-calls.js';
import {
  addTarget,
  type ConnectedCluster,
  eventually,
  getTarget,
  type Stage,
  startStage,
} from './sync-stage.js';

let stage: Stage;
let env: string;
beforeAll(async () => {
  stage = await startStage();
  env = stage.cast.environment.id;
});
afterAll(() => stage?.close());

const owner = () => stage.cast.owner;
const select = (...include: string[]) => ({ include, exclude: [], matchLabels: {} });

async function serve(...namespaces: string[]): Promise<ConnectedCluster & { targetId: string }> {
  const cluster = await stage.connect({ namespaces });
  const target = await addTarget(stage, cluster.id, { namespaces: select('team-*') });
  return { ...cluster, targetId: target.id };
}

const whitelist = (clusterId: string) => ({ env, clusterId, half: 'whitelist' as const });
const rewriting = (clusterId: string) => ({ env, clusterId, half: 'defaultRegistry' as const });
const clear = (name: 'registry.whitelist' | 'registry.default' | 'policy.default-registry-at') =>
  owner().client(endpoints.deleteSetting, { env, name, query: { acknowledged: 'true' } });

describe('a cluster without a policy', () => {
  it('is asked nothing about policies, at the start and after settings that mean nothing there', async () => {
    const cluster = await serve('team-a');
    await eventually(async () => {
      expect((await getTarget(stage, cluster.targetId)).status.inSync).toBe(1);
    });
    await putSetting(owner(), env, 'policy.mode', 'warn');
    await putSetting(owner(), env, 'registry.default', 'reg.corp');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(policyRequests(cluster.simulated)).toEqual([]);
    await clear('registry.default');
    await putSetting(owner(), env, 'policy.mode', 'enforce');
  });
});

describe('a policy', () => {
  it('is written, proven, followed and taken away, with exactly the requests that are listed', async () => {
    const cluster = await serve('team-a');
    await putSetting(owner(), env, 'policy.default-registry-at', 'pod');
    await putSetting(owner(), env, 'registry.default', 'reg.corp');
    await putSetting(owner(), env, 'registry.whitelist', 'ghcr.io/org');
    await untilHalf(owner(), rewriting(cluster.id), { state: 'in-force' });
    await untilHalf(owner(), whitelist(cluster.id), { state: 'in-force' });
    expect(policiesIn(cluster.simulated).size).toBe(4);
    await putSetting(owner(), env, 'policy.mode', 'warn');
    await untilHalf(owner(), whitelist(cluster.id), { state: 'warns' });
    await putSetting(owner(), env, 'registry.default', 'ghcr.io/org');
    await putSetting(owner(), env, 'registry.whitelist', 'quay.io');
    await untilHalf(owner(), rewriting(cluster.id), { state: 'in-force' });
    const name = cluster.simulated.list('mutatingadmissionpolicybindings')[0]?.metadata.name ?? '';
    cluster.simulated.patch('mutatingadmissionpolicybindings', '', name, { spec: { by: 'hand' } });
    await eventually(() => {
      const binding = cluster.simulated.get('mutatingadmissionpolicybindings', '', name);
      expect(binding?.spec).toEqual({ policyName: name });
    });
    await clear('registry.whitelist');
    await clear('registry.default');
    await clear('policy.default-registry-at');
    await putSetting(owner(), env, 'policy.mode', 'enforce');
    await untilHalf(owner(), whitelist(cluster.id), { state: 'off' });
    await untilHalf(owner(), rewriting(cluster.id), { state: 'off' });
    expect(policiesIn(cluster.simulated).size).toBe(0);
    cluster.simulated.watches.cutWatches('closed');
    const features = { attach: false, nodeConfig: false, whitelist: true, rewriting: true };
    const mayDo = new Set(
      neededPermissions(features)
        .filter(({ feature }) => feature === 'image-policy')
        .map(({ verb, resource }) => `${verb} ${resource}`),
    );
    const done = new Set(
      cluster.simulated.requests
        .records()
        .filter(
          ({ resource, userAgent }) =>
            userAgent.endsWith('(sync)') &&
            !['', 'namespaces', 'secrets', 'serviceaccounts'].includes(resource),
        )
        .map(({ verb, resource }) => `${verb} ${resource}`),
    );
    expect([...done].filter((each) => !mayDo.has(each))).toEqual([]);
    const written = [...mayDo].filter((each) => each.includes('admissionpolic'));
    expect([...done]).toEqual(expect.arrayContaining([...written, 'create podtemplates']));
  });

  it('is proven as soon as there is a namespace in which it can be', async () => {
    const cluster = await serve();
    await putSetting(owner(), env, 'registry.whitelist', 'ghcr.io/org');
    await untilHalf(owner(), whitelist(cluster.id), {
      state: 'not-proven',
      code: 'policy.no-namespace',
      provenAt: null,
    });
    cluster.simulated.createNamespace('team-new');
    await untilHalf(owner(), whitelist(cluster.id), { state: 'in-force' });
  });

  it('is put back with one write after another hand has deleted or changed it', async () => {
    const cluster = await serve('team-a');
    await untilHalf(owner(), whitelist(cluster.id), { state: 'in-force' });
    const name =
      policiesIn(cluster.simulated).get('validatingadmissionpolicies')?.[0]?.metadata.name ?? '';
    const writes = () =>
      policyRequests(cluster.simulated).filter((each) =>
        /^(create|update|patch|delete) /.test(each),
      );
    for (const plural of ['validatingadmissionpolicies', 'validatingadmissionpolicybindings']) {
      const before = cluster.simulated.get(plural, '', name);
      const count = writes().length;
      cluster.simulated.remove(plural, '', name);
      await eventually(() => {
        expect(cluster.simulated.get(plural, '', name)?.spec).toEqual(before?.spec);
      });
      cluster.simulated.patch(plural, '', name, { spec: { more: 'by hand' } });
      await eventually(() => {
        expect(cluster.simulated.get(plural, '', name)?.spec).toEqual(before?.spec);
      });
      expect(writes().slice(count)).toEqual([`create ${plural}`, `update ${plural}`]);
    }
  });

  it('that somebody keeps undoing is given up for a while, and says so', async () => {
    const cluster = await serve('team-a');
    await untilHalf(owner(), whitelist(cluster.id), { state: 'in-force' });
    const plural = 'validatingadmissionpolicybindings';
    const name = cluster.simulated.list(plural)[0]?.metadata.name ?? '';
    const undo = setInterval(() => {
      if (cluster.simulated.get(plural, '', name)?.spec === undefined) return;
      cluster.simulated.patch(plural, '', name, { spec: { validationActions: ['Audit'] } });
    }, 5);
    await untilHalf(owner(), whitelist(cluster.id), { state: 'pending', code: 'sync.contested' });
    clearInterval(undo);
    await untilHalf(owner(), whitelist(cluster.id), { state: 'in-force' });
  });

  // Somebody has upgraded the cluster, or switched the feature on, and presses the button.
  it('asked by hand, is brought to what the cluster serves by now', async () => {
    const cluster = await serve('team-a');
    await untilHalf(owner(), whitelist(cluster.id), { state: 'in-force' });
    const asked = () =>
      policyRequests(cluster.simulated).filter((each) => each.endsWith('k8s.io/v1')).length;
    const before = asked();
    expect(before).toBeGreaterThan(0);
    await owner().client(endpoints.syncTarget, { env, targetId: cluster.targetId });
    await eventually(() => expect(asked()).toBe(before + 1));
  });

  it('leaves a cluster with its last target there, and the target only after it', async () => {
    const cluster = await serve('team-a');
    await untilHalf(owner(), whitelist(cluster.id), { state: 'in-force' });
    cluster.simulated.faults.setInterceptor(({ method, resource }) =>
      method === 'DELETE' && resource === 'validatingadmissionpolicies' ? 'drop-before' : 'pass',
    );
    await owner().client(endpoints.deleteTarget, { env, targetId: cluster.targetId });
    await eventually(() => {
      expect([...policiesIn(cluster.simulated).keys()]).toEqual(['validatingadmissionpolicies']);
    });
    expect((await getTarget(stage, cluster.targetId)).state).toBe('removing');
    cluster.simulated.faults.setInterceptor(undefined);
    await eventually(async () => {
      expect(policiesIn(cluster.simulated).size).toBe(0);
      const { items } = await owner().client(endpoints.listTargets, { env, query: {} });
      expect(items.map(({ id }) => id)).not.toContain(cluster.targetId);
    }, 20_000);
  });

  it('that may not be written holds up no removal, because nothing of it is there', async () => {
    const cluster = await serve('team-a');
    await untilHalf(owner(), whitelist(cluster.id), { state: 'in-force' });
    const limited = await stage.connect({
      namespaces: ['team-a'],
      rules: neededPermissions({
        attach: true,
        nodeConfig: false,
        whitelist: false,
        rewriting: false,
      })
        .filter(({ optional }) => !optional)
        .map(({ group, resource, verb }) => ({
          apiGroups: [group],
          resources: [resource],
          verbs: [verb],
        })),
    });
    const target = await addTarget(stage, limited.id, { namespaces: select('team-*') });
    await untilHalf(owner(), whitelist(limited.id), { state: 'failed', code: 'policy.forbidden' });
    const { items, missing } = await stage.cast.admin.client(endpoints.getClusterPermissions, {
      clusterId: limited.id,
    });
    const lacking = items.filter(({ allowed, optional }) => !allowed && !optional);
    expect(missing).toBe(lacking.length);
    expect(new Set(lacking.map(({ feature }) => feature))).toEqual(new Set(['image-policy']));
    await owner().client(endpoints.deleteTarget, { env, targetId: target.id });
    await eventually(async () => {
      const { items: left } = await owner().client(endpoints.listTargets, { env, query: {} });
      expect(left.map(({ id }) => id)).not.toContain(target.id);
    });
  });
});

describe('a removal', () => {
  it('of the environment takes its policy out of every cluster before the environment goes', async () => {
    const { environment, admin } = await buildCast(stage.harness);
    const clusters = await Promise.all([
      stage.connect({ namespaces: ['team-a'] }),
      stage.connect({ namespaces: ['team-a'] }),
    ]);
    for (const { id } of clusters) {
      await stage.cast.admin.client(endpoints.createTarget, {
        env: environment.id,
        body: { clusterId: id, namespaces: select('team-*') },
      });
    }
    await putSetting(admin, environment.id, 'registry.whitelist', 'ghcr.io/org');
    for (const { id } of clusters) {
      const half = { ...whitelist(id), env: environment.id };
      await untilHalf(admin, half, { state: 'in-force' });
    }
    await admin.client(endpoints.deleteEnvironment, { env: environment.id });
    await eventually(async () => {
      const gone = await problemOf(admin.client(endpoints.getEnvironment, { env: environment.id }));
      expect(gone.status).toBe(404);
    });
    for (const { simulated } of clusters) expect(policiesIn(simulated).size).toBe(0);
  });

  it('of the cluster waits until the policy has left it, also if it was away meanwhile', async () => {
    const cluster = await serve('team-a');
    await putSetting(owner(), env, 'registry.whitelist', 'ghcr.io/org');
    await untilHalf(owner(), whitelist(cluster.id), { state: 'in-force' });
    await cluster.simulated.setUnreachable('refused');
    await stage.cast.admin.client(endpoints.deleteCluster, { clusterId: cluster.id });
    expect(policiesIn(cluster.simulated).size).toBe(2);
    await cluster.simulated.setUnreachable(undefined);
    await eventually(async () => {
      const { client } = stage.cast.admin;
      const gone = await problemOf(client(endpoints.getCluster, { clusterId: cluster.id }));
      expect(gone.status).toBe(404);
    }, 30_000);
    expect(policiesIn(cluster.simulated).size).toBe(0);
  });
});

describe('a permission that is missing', () => {
  const rulesWithout = (isMissing: (item: { resource: string }) => boolean) =>
    neededPermissions({ attach: true, nodeConfig: false, whitelist: true, rewriting: true })
      .filter((item) => !isMissing(item))
      .map(({ group, resource, verb }) => ({
        apiGroups: [group],
        resources: [resource],
        verbs: [verb],
      }));

  it('for the default registry does not hold up the whitelist, and is used when it comes', async () => {
    const rules = rulesWithout(({ resource }) => resource.startsWith('mutating'));
    const cluster = await stage.connect({ namespaces: ['team-a'], rules });
    await addTarget(stage, cluster.id, { namespaces: select('team-*') });
    await putSetting(owner(), env, 'policy.default-registry-at', 'pod');
    await putSetting(owner(), env, 'registry.default', 'reg.corp');
    await putSetting(owner(), env, 'registry.whitelist', 'ghcr.io/org');
    await untilHalf(owner(), rewriting(cluster.id), { state: 'failed', code: 'policy.forbidden' });
    await untilHalf(owner(), whitelist(cluster.id), { state: 'in-force' });
    cluster.simulated.setRules(rulesWithout(() => false));
    await untilHalf(owner(), rewriting(cluster.id), { state: 'in-force' });
    await untilHalf(owner(), whitelist(cluster.id), { state: 'in-force' });
    expect(policiesIn(cluster.simulated).size).toBe(4);
    await clear('registry.default');
    await clear('policy.default-registry-at');
  });

  it('for the dry run leaves the policy in the cluster, and what it is worth unsaid', async () => {
    const rules = rulesWithout(({ resource }) => resource === 'podtemplates');
    const cluster = await stage.connect({ namespaces: ['team-a'], rules });
    await addTarget(stage, cluster.id, { namespaces: select('team-*') });
    await untilHalf(owner(), whitelist(cluster.id), {
      state: 'not-proven',
      code: 'policy.proof-forbidden',
      provenAt: null,
    });
    expect(policiesIn(cluster.simulated).size).toBe(2);
  });
});

describe('two environments on one cluster', () => {
  // Consoles would say of a policy that holds that it is on its way.
  it('one stays in force in every word while the other gets its first policy', async () => {
    const other = await buildCast(stage.harness);
    const cluster = await serve('team-a', 'other-a');
    await stage.cast.admin.client(endpoints.createTarget, {
      env: other.environment.id,
      body: { clusterId: cluster.id, namespaces: select('other-*') },
    });
    await putSetting(owner(), env, 'registry.whitelist', 'ghcr.io/org');
    await untilHalf(owner(), whitelist(cluster.id), { state: 'in-force' });
    const { database } = stage.harness;
    await database.execute('create table said (environment_id uuid, state text)');
    await database.execute(`create function note_state() returns trigger as $$ begin
      insert into said values (new.environment_id, new.state); return new; end $$ language plpgsql`);
    await database.execute(`create trigger note_state after insert or update on image_policy_states
      for each row when (new.cluster_id = '${cluster.id}') execute function note_state()`);
    await putSetting(other.admin, other.environment.id, 'registry.whitelist', 'quay.io');
    const theirs = { ...whitelist(cluster.id), env: other.environment.id };
    await untilHalf(other.owner, theirs, { state: 'in-force' });
    const said = await database.query<{ state: string; isMine: boolean }>(
      'select distinct state, environment_id = $1 as "isMine" from said',
      [env],
    );
    await database.execute('drop trigger note_state on image_policy_states');
    const states = (isMine: boolean) =>
      said.filter((row) => row.isMine === isMine).map(({ state }) => state);
    expect(states(true)).toEqual(['in-force']);
    expect(states(false)).toContain('pending');
  });
});

describe('two environments that share a namespace', () => {
  it('with different default registries: neither is written, both say why, neither is named', async () => {
    const other = await buildCast(stage.harness);
    const cluster = await stage.connect({ namespaces: ['team-a'] });
    await stage.cast.admin.client(endpoints.createTarget, {
      env,
      body: { clusterId: cluster.id, namespaces: select('team-*') },
    });
    await stage.cast.admin.client(endpoints.createTarget, {
      env: other.environment.id,
      body: { clusterId: cluster.id, namespaces: select('team-x') },
    });
    for (const [user, id, registry] of [
      [stage.cast.admin, env, 'one.corp'],
      [stage.cast.admin, other.environment.id, 'two.corp'],
    ] as const) {
      await putSetting(user, id, 'policy.default-registry-at', 'pod');
      await putSetting(user, id, 'registry.default', registry);
    }
    await untilHalf(owner(), rewriting(cluster.id), { state: 'in-force' });
    const name = `-${other.environment.name}`;
    const written = () =>
      cluster.simulated.list('mutatingadmissionpolicies').map(({ metadata }) => metadata.name);
    await eventually(() => expect(written()).toHaveLength(2));
    // A namespace that both select comes later than the settings, which would have been refused.
    await stage.cast.admin.client(endpoints.listTargets, { env: other.environment.id, query: {} });
    cluster.simulated.createNamespace('team-x');
    const conflict = { state: 'conflict', code: 'policy.two-default-registries' } as const;
    const mine = await untilHalf(owner(), rewriting(cluster.id), conflict);
    const place = { ...rewriting(cluster.id), env: other.environment.id };
    const theirs = await untilHalf(other.owner, place, conflict);
    expect(mine.detail).not.toContain(other.environment.name);
    expect(theirs.detail).not.toContain(stage.cast.environment.name);
    // What was there stays as it was.
    expect(written().some((each) => each.endsWith(name))).toBe(true);
    expect((await clusterOf(owner(), env, cluster.id)).whitelist.state).not.toBe('conflict');
  });
});
