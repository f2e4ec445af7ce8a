import { endpoints, PolicyImpact, SETTING_NAMES, Setting } from '@moorage/contract';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildEnvironment, buildMember } from './factories.js';
import { problemOf } from './harness.js';
import { addTarget, type ConnectedCluster, type Stage, settled, startStage } from './sync-stage.js';

let stage: Stage;
let cluster: ConnectedCluster;
let env: string;
beforeAll(async () => {
  stage = await startStage();
  env = stage.cast.environment.id;
  cluster = await stage.connect({ namespaces: ['shop', 'other', 'tools'] });
  const target = await addTarget(stage, cluster.id, {
    namespaces: { include: ['shop', 'tools', 'kube-*'], exclude: [] },
  });
  await settled(stage, target.id);
  run('Deployment', 'shop', 'web', ['ghcr.io/acme/web:1', 'nginx']);
  run('Deployment', 'other', 'elsewhere', ['evil.example/x']);
  run('CronJob', 'tools', 'backup', ['quay.io/acme/backup']);
});
afterEach(async () => {
  for (const name of SETTING_NAMES) {
    await stage.cast.admin.client(endpoints.deleteSetting, { env, name, query: ACKNOWLEDGED });
    await stage.cast.admin.client(endpoints.deleteInstallationSetting, {
      ...{ name, query: ACKNOWLEDGED },
    });
  }
  await cluster.simulated.setUnreachable(undefined);
});
afterAll(() => stage.close());

const ACKNOWLEDGED = { acknowledged: 'true' } as const;

/** Something that runs, as anybody in the cluster makes it. */
function run(kind: string, namespace: string, name: string, images: readonly string[]): void {
  const template = { spec: { containers: images.map((image) => ({ name: 'c', image })) } };
  const spec = kind === 'CronJob' ? { jobTemplate: { spec: { template } } } : { template };
  const apiVersion = kind === 'CronJob' ? 'batch/v1' : 'apps/v1';
  cluster.simulated.apply({ apiVersion, kind, metadata: { namespace, name }, spec });
}

function put(name: string, value: string, acknowledged?: boolean) {
  const body = acknowledged === undefined ? { value } : { value, acknowledged };
  return stage.cast.owner.client(endpoints.putSetting, { env, name, body });
}
async function dryRun(name: string, value: string): Promise<PolicyImpact> {
  const query = { dryRun: 'true' } as const;
  return PolicyImpact.strict().parse(
    await stage.cast.owner.client(endpoints.putSetting, { env, name, query, body: { value } }),
  );
}
const stored = async (name: string) =>
  (await stage.cast.owner.client(endpoints.getSetting, { env, name })).value;

describe('a dry run', () => {
  it('names what runs and would be refused, in the namespaces of the targets alone, and stores nothing', async () => {
    const report = await dryRun('registry.whitelist', ' GHCR.io,');
    expect(report).toMatchObject({
      ...{ name: 'registry.whitelist', value: 'ghcr.io', mode: 'enforce', complete: true },
      ...{ workloads: 2, images: 3, refusedWorkloads: 2, newlyRefused: 2, truncated: false },
      clusters: [
        { clusterId: cluster.id, state: 'read', namespaces: 4, workloads: 2, refusals: 2 },
      ],
    });
    const refused = report.refusals.map(({ namespace, workload, image, registry }) => [
      `${workload.kind} ${namespace}/${workload.name}`,
      image,
      registry,
    ]);
    expect(refused.toSorted()).toEqual([
      ['CronJob tools/backup', 'quay.io/acme/backup', 'quay.io'],
      ['Deployment shop/web', 'nginx', 'docker.io'],
    ]);
    expect(report.refusals[0]?.reason).toContain('The whitelist allows no such image');
    expect(await stored('registry.whitelist')).toBeNull();
  });

  it('warns of system namespaces that the targets reach', async () => {
    const { warnings } = await dryRun('registry.whitelist', 'ghcr.io');
    expect(warnings.map(({ code }) => code)).toEqual(['lock-out.system-namespace']);
  });

  it('tells what is refused already, and what is new', async () => {
    await put('registry.whitelist', 'ghcr.io,docker.io', true);
    const report = await dryRun('registry.whitelist', 'ghcr.io');
    expect(report.refusals.map(({ image, refusedAlready }) => [image, refusedAlready])).toEqual([
      ['nginx', false],
      ['quay.io/acme/backup', true],
    ]);
    expect(report.newlyRefused).toBe(1);
  });

  it('tells where bare names would come from elsewhere', async () => {
    await put('policy.default-registry-at', 'pod');
    const { warnings } = await dryRun('registry.default', 'reg.corp/proxy');
    expect(warnings).toEqual([
      {
        code: 'default-registry.rewrites',
        detail: expect.stringContaining('would pull from reg.corp/proxy what they now pull'),
      },
    ]);
  });

  it('refuses a value that could not be stored', async () => {
    expect((await problemOf(dryRun('registry.whitelist', 'a b'))).code).toBe('setting.invalid');
  });

  it('says which cluster could not be read', async () => {
    await cluster.simulated.setUnreachable('refused');
    const report = await dryRun('registry.whitelist', 'ghcr.io');
    expect(report).toMatchObject({ complete: false, clusters: [{ state: 'unreachable' }] });
  });

  it('says what our account may not list', async () => {
    cluster.simulated.setRules([
      { apiGroups: [''], resources: ['*'], verbs: ['*'] },
      { apiGroups: ['apps'], resources: ['*'], verbs: ['*'] },
    ]);
    const report = await dryRun('registry.whitelist', 'ghcr.io');
    cluster.simulated.setRules([{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]);
    expect(report.complete).toBe(false);
    expect(report.clusters).toMatchObject([
      { state: 'forbidden', detail: expect.stringContaining('may not list cronjobs') },
    ]);
  });

  it('of the installation judges every environment', async () => {
    const report = PolicyImpact.parse(
      await stage.cast.admin.client(endpoints.putInstallationSetting, {
        ...{ name: 'registry.whitelist', query: { dryRun: 'true' }, body: { value: 'quay.io' } },
      }),
    );
    expect(report.refusals.map(({ environmentName, image }) => [environmentName, image])).toEqual([
      [stage.cast.environment.name, 'ghcr.io/acme/web:1'],
      [stage.cast.environment.name, 'nginx'],
    ]);
  });
});

describe('409', () => {
  it('does not refuse what runs unless somebody has read the report', async () => {
    const refused = await problemOf(put('registry.whitelist', 'ghcr.io'));
    expect(refused).toMatchObject({ code: 'policy.would-refuse', acknowledgeable: true });
    expect(PolicyImpact.strict().parse(refused.report).newlyRefused).toBe(2);
    expect(await stored('registry.whitelist')).toBeNull();
    expect(Setting.parse(await put('registry.whitelist', 'ghcr.io', true)).effective).toBe(
      'ghcr.io',
    );
  });

  it('asks for nothing when nothing more is refused than now', async () => {
    await put('registry.whitelist', 'ghcr.io', true);
    await cluster.simulated.setUnreachable('refused');
    await put('registry.whitelist', 'ghcr.io,quay.io');
    await put('policy.mode', 'warn');
    await put('registry.whitelist', 'quay.io');
    await put('registry.whitelist', '');
  });

  it('asks before warnings become refusals, and before an exception ends', async () => {
    await put('policy.mode', 'warn');
    await put('registry.whitelist', 'ghcr.io');
    expect((await problemOf(put('policy.mode', 'enforce'))).code).toBe('policy.would-refuse');
    const back = stage.cast.owner.client(endpoints.deleteSetting, { env, name: 'policy.mode' });
    expect((await problemOf(back)).code).toBe('policy.would-refuse');
    await stage.cast.owner.client(endpoints.deleteSetting, {
      ...{ env, name: 'policy.mode', query: ACKNOWLEDGED },
    });
    expect(await stored('policy.mode')).toBeNull();
  });

  it('does not switch on what nobody could look at, unless somebody says so', async () => {
    await cluster.simulated.setUnreachable('refused');
    const refused = await problemOf(put('registry.whitelist', 'ghcr.io'));
    expect(refused).toMatchObject({ code: 'policy.impact-unknown', acknowledgeable: true });
    await put('registry.whitelist', 'ghcr.io', true);
  });

  // A cluster whose kube-proxy cannot be started again loses node after node.
  it('does not shut out what the cluster itself needs, whoever has read about it', async () => {
    run('DaemonSet', 'kube-system', 'kube-proxy', ['registry.k8s.io/kube-proxy:v1.36.3']);
    const refused = await problemOf(put('registry.whitelist', 'ghcr.io,quay.io,docker.io', true));
    expect(refused).toMatchObject({ code: 'policy.would-refuse', acknowledgeable: false });
    expect(refused.detail).toContain('DaemonSet kube-system/kube-proxy');
    await put('registry.whitelist', 'ghcr.io,quay.io,docker.io,registry.k8s.io');
    cluster.simulated.remove('daemonsets', 'kube-system', 'kube-proxy');
  });

  // What was judged is not what would be stored, when somebody else is quicker.
  it('judges anew what was changed by somebody else while clusters were read', async () => {
    await put('policy.mode', 'warn');
    await put('registry.whitelist', 'ghcr.io,quay.io,docker.io');
    const reading = Promise.withResolvers<void>();
    const changed = Promise.withResolvers<void>();
    cluster.simulated.faults.setInterceptor(async ({ verb, resource }) => {
      if (verb === 'list' && resource === 'pods') {
        reading.resolve();
        await changed.promise;
      }
      return 'pass' as const;
    });
    const enforcing = problemOf(put('policy.mode', 'enforce'));
    await reading.promise;
    await put('registry.whitelist', 'ghcr.io');
    changed.resolve();
    expect((await enforcing).code).toBe('policy.would-refuse');
    cluster.simulated.faults.setInterceptor(undefined);
    expect(await stored('policy.mode')).toBe('warn');
  });

  it('asks before a whitelist of the installation leaves an environment nothing', async () => {
    await put('registry.whitelist', 'ghcr.io,quay.io,docker.io');
    const nothing = stage.cast.admin.client(endpoints.putInstallationSetting, {
      ...{ name: 'registry.whitelist', body: { value: 'reg.corp' } },
    });
    const refused = await problemOf(nothing);
    expect(refused.code).toBe('policy.would-refuse');
    expect(JSON.stringify(refused.report)).toContain('lock-out.nothing-allowed');
  });
});

describe('a target', () => {
  const reach = (clusterId: string, ...include: string[]) => ({
    env,
    body: { clusterId, namespaces: { include, exclude: [] }, serviceAccounts: 'none' as const },
  });

  // Else the guard of the settings is walked around: first the policy, then the namespaces.
  it('does not bring an enforced whitelist over what the cluster itself needs', async () => {
    const east = await stage.connect({ namespaces: ['shop'] });
    const { client } = stage.cast.admin;
    east.simulated.apply({
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { namespace: 'kube-system', name: 'kube-proxy' },
      spec: { template: { spec: { containers: [{ name: 'c', image: 'registry.k8s.io/p:1' }] } } },
    });
    await put('registry.whitelist', 'ghcr.io', true);
    const refused = await problemOf(client(endpoints.createTarget, reach(east.id, '*')));
    expect(refused).toMatchObject({ status: 409, code: 'policy.would-refuse' });
    expect(refused.detail).toContain('DaemonSet kube-system/kube-proxy');
    const target = await client(endpoints.createTarget, reach(east.id, 'shop'));
    const { namespaces } = reach(east.id, 'kube-*').body;
    const wider = { env, targetId: target.id, body: { namespaces } };
    expect((await problemOf(client(endpoints.updateTarget, wider))).code).toBe(
      'policy.would-refuse',
    );
    await put('policy.mode', 'warn');
    await client(endpoints.updateTarget, wider);
    await put('registry.whitelist', 'ghcr.io,registry.k8s.io');
    await client(endpoints.updateTarget, {
      ...wider,
      body: { namespaces: reach(east.id, 'shop').body.namespaces },
    });
    await client(endpoints.deleteTarget, { env, targetId: target.id });
  });

  it('is not held up by a cluster that cannot be read', async () => {
    const west = await stage.connect({ namespaces: ['shop'] });
    await put('registry.whitelist', 'ghcr.io', true);
    await west.simulated.setUnreachable('refused');
    const { client } = stage.cast.admin;
    const target = await client(endpoints.createTarget, reach(west.id, '*'));
    await west.simulated.setUnreachable(undefined);
    await client(endpoints.deleteTarget, { env, targetId: target.id });
  });
});

describe('two environments in one namespace', () => {
  it('cannot have two default registries; both are named to who may know of both', async () => {
    const other = await buildEnvironment(stage.harness);
    const target = await stage.cast.admin.client(endpoints.createTarget, {
      env: other.id,
      body: { clusterId: cluster.id, namespaces: { include: ['shop'] }, serviceAccounts: 'none' },
    });
    await expect
      .poll(async () => {
        const where = { env: other.id, targetId: target.id };
        return (await stage.cast.admin.client(endpoints.getTarget, where)).status.inSync;
      })
      .toBe(1);
    await stage.cast.admin.client(endpoints.putSetting, {
      ...{ env: other.id, name: 'registry.default', body: { value: 'secret-registry.corp' } },
    });

    const stranger = await problemOf(put('registry.default', 'ghcr.io'));
    expect(stranger).toMatchObject({
      ...{ status: 409, code: 'policy.conflict' },
      errors: [{ pointer: '/value', code: 'policy.two-default-registries' }],
    });
    expect(stranger.detail).not.toContain(other.name);
    expect(JSON.stringify(stranger)).not.toContain('secret-registry');

    await buildMember(stage.harness, other.id, stage.cast.owner.id, 'viewer');
    const member = await problemOf(put('registry.default', 'ghcr.io'));
    expect(member.detail).toContain(other.name);
    expect(member.detail).toContain('secret-registry.corp');
    expect(member.detail).toContain('namespace shop of cluster');

    await put('registry.default', 'secret-registry.corp');
    await stage.cast.admin.client(endpoints.deleteEnvironment, { env: other.id });
  });
});
