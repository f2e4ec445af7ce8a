import { Cluster, endpoints, GrantedCluster } from '@moorage/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { neededPermissions } from '../src/clusters/cluster-permissions.js';
import { buildEnvironment } from './factories.js';
import { clientOf, problemOf } from './harness.js';
import { addTarget, eventually, getTarget, type Stage, settled, startStage } from './sync-stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());

const admin = () => stage.cast.admin.client;

function kubeconfig(server: string, user: object): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'c',
    contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
    clusters: [{ name: 'k', cluster: { server } }],
    users: [{ name: 'u', user }],
  });
}
const usable = kubeconfig('https://127.0.0.1:1', { token: 'planted-token-7f3a' });

let count = 0;
const createCluster = () => {
  count += 1;
  return admin()(endpoints.createCluster, {
    body: { name: `by-config-${count}`, kubeconfig: usable },
  });
};

describe('200', () => {
  it('connects a cluster by kubeconfig and never gives its access back', async () => {
    const created = await createCluster();
    expect(Cluster.strict().parse(created)).toMatchObject({ accessKind: 'token', state: 'active' });
    const stored = await stage.harness.database.one<{ row: string }>(
      'select to_jsonb(c)::text as row from clusters c where id = $1',
      [created.id],
    );
    const list = await admin()(endpoints.listClusters, { query: { q: created.name } });
    const everything = JSON.stringify([created, list, stored, stage.harness.logLines]);
    expect(everything).not.toContain('planted-token-7f3a');
    expect(list.items).toEqual([expect.objectContaining({ id: created.id })]);
  });

  it('puts on record that certificates are not checked', async () => {
    const document = JSON.parse(usable) as { clusters: { cluster: object }[] };
    Object.assign(document.clusters[0]?.cluster ?? {}, { 'insecure-skip-tls-verify': true });
    const body = { name: 'unchecked', kubeconfig: JSON.stringify(document) };
    const { id: objectId } = await admin()(endpoints.createCluster, { body });
    await admin()(endpoints.updateCluster, { clusterId: objectId, body: { kubeconfig: usable } });
    const { items } = await admin()(endpoints.listInstallationAudit, { query: { objectId } });
    expect(items.map(({ changes }) => changes['insecureSkipVerify'])).toEqual([
      { before: true, after: false },
      { before: null, after: true },
    ]);
  });

  it('connects a cluster by server and token, and replaces both', async () => {
    const created = await admin()(endpoints.createCluster, {
      body: {
        name: 'by-parts',
        server: 'https://127.0.0.1:1',
        token: 'one',
        labels: { tier: 'a' },
      },
    });
    const updated = await admin()(endpoints.updateCluster, {
      clusterId: created.id,
      ifMatch: created.version,
      body: { server: 'https://127.0.0.1:2', token: 'two', labels: { tier: 'b' } },
    });
    expect(updated).toMatchObject({
      server: 'https://127.0.0.1:2',
      labels: { tier: 'b' },
      version: created.version + 1,
    });
  });

  it('says what a kubeconfig holds, or why it cannot be used, and stores nothing', async () => {
    const inspect = (text: string) =>
      admin()(endpoints.inspectKubeconfig, { body: { kubeconfig: text } });
    expect(await inspect(usable)).toMatchObject({ ok: true, accessKind: 'token', problem: null });
    const withProgram = kubeconfig('https://k', { exec: { command: 'touch /tmp/marker' } });
    const refused = await inspect(withProgram);
    expect(refused.ok).toBe(false);
    expect(refused.problem?.code).toBe('kubeconfig.exec');
    expect(refused.problem?.snippet).toContain('kubectl');
  });

  it('asks a cluster now, and says what is wrong and what to do', async () => {
    const { id, simulated } = await stage.connect();
    const good = await admin()(endpoints.checkCluster, { clusterId: id });
    expect(good).toMatchObject({ ok: true, code: null });
    expect(good.kubernetesVersion).toContain('simulated');
    simulated.setToken('another');
    const bad = await admin()(endpoints.checkCluster, { clusterId: id });
    expect(bad).toMatchObject({ ok: false, code: 'cluster.unauthorized' });
    expect(bad.fix).not.toBe('');
  });

  it('lists the namespaces of a cluster in pages', async () => {
    const { id, simulated } = await stage.connect({ namespaces: ['team-a', 'team-b'] });
    simulated.patch('namespaces', '', 'team-b', {
      metadata: { annotations: { 'moorage.dev/ignore': 'true' } },
    });
    const query = { q: 'team', limit: 1 };
    const first = await admin()(endpoints.listClusterNamespaces, { clusterId: id, query });
    const second = await admin()(endpoints.listClusterNamespaces, {
      clusterId: id,
      query: { ...query, cursor: first.nextCursor ?? '' },
    });
    expect([...first.items, ...second.items]).toMatchObject([
      { name: 'team-a', phase: 'Active', ignored: false },
      { name: 'team-b', ignored: true },
    ]);
    expect([first.total, second.nextCursor]).toEqual([2, null]);
  });

  it('says which permissions are missing, with a manifest that gives exactly what is needed', async () => {
    const { id, simulated } = await stage.connect();
    simulated.setRules([{ apiGroups: [''], resources: ['namespaces'], verbs: ['list', 'watch'] }]);
    const permissions = await admin()(endpoints.getClusterPermissions, { clusterId: id });
    const have = permissions.items.filter((item) => item.allowed).map((item) => item.resource);
    expect(new Set(have)).toEqual(new Set(['namespaces']));
    const required = permissions.items.filter(({ optional }) => !optional);
    expect(permissions.missing).toBe(required.length - 2);
    const documents = permissions.manifest.split('---\n').map((text) => JSON.parse(text));
    const role = documents.find((document) => document.kind === 'ClusterRole');
    const granted = role.rules.flatMap((rule: { resources: string[]; verbs: string[] }) =>
      rule.verbs.map((verb) => `${verb} ${rule.resources.join()}`),
    );
    const needed = neededPermissions({
      attach: true,
      nodeConfig: false,
      whitelist: false,
      rewriting: false,
    }).filter(({ optional }) => !optional);
    expect(granted).toEqual(needed.map(({ verb, resource }) => `${verb} ${resource}`));
  });

  it('shows an environment only the clusters that it was granted', async () => {
    const cluster = await stage.connect();
    const env = stage.cast.environment.id;
    const seen = async () => {
      const page = await stage.cast.owner.client(endpoints.listGrantedClusters, { env, query: {} });
      return page.items.filter((item) => item.id === cluster.id);
    };
    expect(await seen()).toEqual([]);
    await admin()(endpoints.putGrants, {
      clusterId: cluster.id,
      body: [{ environmentId: env, namespaces: ['team-*'] }],
    });
    const [granted] = await seen();
    expect(GrantedCluster.strict().parse(granted).namespaces).toEqual(['team-*']);
    const { items } = await admin()(endpoints.listGrants, { clusterId: cluster.id });
    expect(items).toEqual([
      { environmentId: env, environmentName: stage.cast.environment.name, namespaces: ['team-*'] },
    ]);
  });

  it('takes Secrets out of namespaces whose grant ends', async () => {
    const cluster = await stage.connect({ namespaces: ['team-a', 'other'] });
    const env = stage.cast.environment;
    const grant = (namespaces: string[]) =>
      admin()(endpoints.putGrants, {
        clusterId: cluster.id,
        body: [{ environmentId: env.id, namespaces }],
      });
    await grant(['team-*', 'other']);
    const target = await stage.cast.owner.client(endpoints.createTarget, {
      env: env.id,
      body: { clusterId: cluster.id },
    });
    await settled(stage, target.id);
    const secret = (namespace: string) =>
      cluster.simulated.get('secrets', namespace, `moorage-${env.name}`);
    expect([secret('team-a'), secret('other')].every(Boolean)).toBe(true);
    expect(secret('default')).toBeUndefined();
    await grant(['team-*']);
    await eventually(() => expect(secret('other')).toBeUndefined());
    expect(secret('team-a')).toBeDefined();
    await eventually(async () => {
      expect((await getTarget(stage, target.id)).status.namespaces).toBe(1);
    });
  });
});

describe('202', () => {
  it('cleans a removed cluster first and then forgets it', async () => {
    const cluster = await stage.connect({ namespaces: ['team-a'] });
    const target = await addTarget(stage, cluster.id);
    await settled(stage, target.id);
    await admin()(endpoints.deleteCluster, { clusterId: cluster.id });
    await eventually(async () => {
      const problem = await problemOf(admin()(endpoints.getCluster, { clusterId: cluster.id }));
      expect(problem.code).toBe('object.not-found');
    });
    const left = cluster.simulated
      .list('secrets')
      .filter((s) => s.metadata.name.startsWith('moorage-'));
    expect(left).toEqual([]);
  });

  it('cleans a cluster that was unreachable when it was removed as soon as it is back', async () => {
    const cluster = await stage.connect({ namespaces: ['team-a'] });
    const target = await addTarget(stage, cluster.id);
    await settled(stage, target.id);
    await cluster.simulated.setUnreachable('refused');
    await admin()(endpoints.deleteCluster, { clusterId: cluster.id });
    const removing = await admin()(endpoints.getCluster, { clusterId: cluster.id });
    expect(removing.state).toBe('removing');
    await cluster.simulated.setUnreachable(undefined);
    await eventually(async () => {
      const problem = await problemOf(admin()(endpoints.getCluster, { clusterId: cluster.id }));
      expect(problem.code).toBe('object.not-found');
    }, 25_000);
    const left = cluster.simulated
      .list('secrets')
      .filter((s) => s.metadata.name.startsWith('moorage-'));
    expect(left).toEqual([]);
  });

  it('drops a cluster as it is when asked to forget it', async () => {
    const cluster = await stage.connect({ namespaces: ['team-a'] });
    const target = await addTarget(stage, cluster.id);
    await settled(stage, target.id);
    await admin()(endpoints.deleteCluster, { clusterId: cluster.id, query: { forget: 'true' } });
    const problem = await problemOf(admin()(endpoints.getCluster, { clusterId: cluster.id }));
    expect(problem.code).toBe('object.not-found');
    const secretName = `moorage-${stage.cast.environment.name}`;
    expect(cluster.simulated.get('secrets', 'team-a', secretName)).toBeDefined();
  });
});

describe('400, 401, 403, 404, 409, 412', () => {
  it.each([
    ['a program', { exec: { command: 'sh' } }, 'kubeconfig.exec'],
    ['an auth provider', { 'auth-provider': { name: 'gcp' } }, 'kubeconfig.auth-provider'],
    ['a file path', { tokenFile: '/etc/passwd' }, 'kubeconfig.file-path'],
    ['no credentials', {}, 'kubeconfig.no-credentials'],
  ])('refuses a kubeconfig with %s', async (_name, user, code) => {
    const body = { name: 'refused', kubeconfig: kubeconfig('https://k', user) };
    const problem = await problemOf(admin()(endpoints.createCluster, { body }));
    expect(problem).toMatchObject({ status: 400, code: 'cluster.kubeconfig-invalid' });
    expect(problem.errors).toEqual([expect.objectContaining({ code })]);
  });

  it('refuses plain http, which only the sandbox may speak', async () => {
    const body = { name: 'http', kubeconfig: kubeconfig('http://127.0.0.1:1', { token: 'x' }) };
    const problem = await problemOf(admin()(endpoints.createCluster, { body }));
    expect(problem.code).toBe('cluster.kubeconfig-invalid');
  });

  it('does not dial an address that the policy forbids', async () => {
    const body = {
      name: 'metadata',
      kubeconfig: kubeconfig('https://169.254.169.254', { token: 'x' }),
    };
    const { id } = await admin()(endpoints.createCluster, { body });
    const check = await admin()(endpoints.checkCluster, { clusterId: id });
    expect(check).toMatchObject({ ok: false, code: 'cluster.address-blocked' });
    const problem = await problemOf(
      admin()(endpoints.listClusterNamespaces, { clusterId: id, query: {} }),
    );
    expect(problem).toMatchObject({ status: 503, code: 'cluster.unreachable' });
  });

  it('answers 401 to nobody and 403 to everybody but an installation admin', async () => {
    const nobody = await problemOf(clientOf(stage.harness)(endpoints.listClusters, {}));
    expect(nobody.status).toBe(401);
    const owner = await problemOf(stage.cast.owner.client(endpoints.listClusters, {}));
    expect(owner).toMatchObject({ status: 403, code: 'permission.denied' });
  });

  it('answers 404 for a cluster that does not exist', async () => {
    const clusterId = '00000000-0000-4000-8000-000000000000';
    for (const endpoint of [
      endpoints.getCluster,
      endpoints.checkCluster,
      endpoints.getClusterPermissions,
      endpoints.listGrants,
      endpoints.deleteCluster,
    ]) {
      const problem = await problemOf(admin()(endpoint, { clusterId }));
      expect(problem).toMatchObject({ status: 404, code: 'object.not-found' });
    }
  });

  it('refuses a taken name, an unknown environment in grants, and a stale version', async () => {
    const { id, name, version } = await createCluster();
    const taken = await problemOf(
      admin()(endpoints.createCluster, { body: { name, kubeconfig: usable } }),
    );
    expect(taken).toMatchObject({ status: 409, code: 'cluster.name-exists' });
    const unknown = '00000000-0000-4000-8000-000000000000';
    const body = [{ environmentId: unknown, namespaces: ['*'] }];
    const grants = await problemOf(admin()(endpoints.putGrants, { clusterId: id, body }));
    expect(grants.status).toBe(404);
    const stale = await problemOf(
      admin()(endpoints.updateCluster, {
        clusterId: id,
        ifMatch: version + 7,
        body: { labels: {} },
      }),
    );
    expect(stale).toMatchObject({ status: 412, code: 'object.stale' });
  });

  it('refuses to change the labels of a cluster that is being removed, but takes new access', async () => {
    const created = await createCluster();
    const clusterId = created.id;
    await addTarget(stage, clusterId);
    await admin()(endpoints.deleteCluster, { clusterId });
    const body = { labels: { a: 'b' } };
    const problem = await problemOf(admin()(endpoints.updateCluster, { clusterId, body }));
    expect(problem).toMatchObject({ status: 409, code: 'cluster.removing' });
    const renewed = await admin()(endpoints.updateCluster, {
      clusterId,
      body: { kubeconfig: usable },
    });
    expect(renewed.state).toBe('removing');
    const elsewhere = await buildEnvironment(stage.harness);
    const target = await problemOf(
      admin()(endpoints.createTarget, { env: elsewhere.id, body: { clusterId } }),
    );
    expect(target).toMatchObject({ status: 409, code: 'cluster.removing' });
  });
});
