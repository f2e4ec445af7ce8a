/** The image policy in a real API server: set through the API, proven, enforced, repaired, taken away. */
import { endpoints } from '@moorage/contract';
import { hasParts } from '@moorage/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addTarget, eventually } from '../sync-stage.js';
import {
  allowWhatIsNeeded,
  clearSetting,
  createPod,
  dryRunPod,
  halfOf,
  type PolicyStage,
  patch,
  podWith,
  policyPath,
  policyWrites,
  presentPolicies,
  provenAfter,
  putSetting,
  readPermissions,
  startPolicyStage,
  untilState,
} from './policy-stage.js';

const labels = { app: 'a' };
const allowed = 'ghcr.io/org/app:1';
const refused = 'evil.io/org/app:1';
const templateOf = (image: string, more: object = {}) => ({
  metadata: { labels },
  spec: { ...podWith(image), ...more },
});
const selectedOf = (image: string) => ({
  selector: { matchLabels: labels },
  template: templateOf(image),
});
const once = { restartPolicy: 'Never' };

/** Every built-in kind that carries a pod spec: where it is created, and the object around the image. */
const kinds: readonly (readonly [string, string, (image: string) => object])[] = [
  ['Pod', 'api/v1 pods', (image) => ({ spec: podWith(image) })],
  ['PodTemplate', 'api/v1 podtemplates', (image) => ({ template: templateOf(image) })],
  [
    'ReplicationController',
    'api/v1 replicationcontrollers',
    (image) => ({ spec: { selector: labels, template: templateOf(image) } }),
  ],
  ['Deployment', 'apis/apps/v1 deployments', (image) => ({ spec: selectedOf(image) })],
  ['ReplicaSet', 'apis/apps/v1 replicasets', (image) => ({ spec: selectedOf(image) })],
  ['DaemonSet', 'apis/apps/v1 daemonsets', (image) => ({ spec: selectedOf(image) })],
  [
    'StatefulSet',
    'apis/apps/v1 statefulsets',
    (image) => ({ spec: { ...selectedOf(image), serviceName: 's' } }),
  ],
  ['Job', 'apis/batch/v1 jobs', (image) => ({ spec: { template: templateOf(image, once) } })],
  [
    'CronJob',
    'apis/batch/v1 cronjobs',
    (image) => ({
      spec: { schedule: '0 0 * * *', jobTemplate: { spec: { template: templateOf(image, once) } } },
    }),
  ],
];

describe.skipIf(!hasParts('kubernetes'))('the image policy in a real API server', () => {
  let real: PolicyStage;
  beforeAll(async () => {
    real = await startPolicyStage({
      name: 'policy',
      namespaces: ['team-a', 'team-b'],
      include: ['team-*'],
    });
  });
  afterAll(() => real?.close());

  it('needs no permission for policies as long as there is none, and asks nothing about them', async () => {
    const { items, missing } = await readPermissions(real);
    expect(missing).toBe(0);
    expect(items.filter(({ group }) => group.startsWith('admission'))).toEqual([]);
    expect(await halfOf(real, 'whitelist')).toMatchObject({ state: 'off' });
    const totals = await real.kubernetes.requestTotals();
    const list = totals.filter(({ resource }) => resource.includes('admissionpolic'));
    // The API server's own informers list and watch them.
    expect(list.filter(({ verb }) => !['LIST', 'WATCH'].includes(verb))).toEqual([]);
  });

  it('says which permission is missing until the printed manifest is applied, then is in force', async () => {
    await putSetting(real, 'registry.whitelist', 'ghcr.io/org, quay.io');
    const failed = await untilState(real, 'whitelist', 'failed');
    expect(failed).toMatchObject({ code: 'policy.forbidden', provenAt: null });
    expect((await readPermissions(real)).missing).toBeGreaterThan(0);
    await allowWhatIsNeeded(real);
    expect((await readPermissions(real)).missing).toBe(0);
    const { targetId } = real;
    const env = real.stage.cast.environment.id;
    await real.stage.cast.owner.client(endpoints.syncTarget, { env, targetId });
    const proven = await untilState(real, 'whitelist', 'in-force', 10_000);
    expect(Date.parse(proven.provenAt ?? '')).toBeGreaterThan(0);
    expect(await presentPolicies(real)).toEqual([
      'validatingadmissionpolicies',
      'validatingadmissionpolicybindings',
    ]);
    const refused = await dryRunPod(real, 'team-a', 'evil.io/x');
    expect(refused.status).toBe(403);
    expect(refused.text).toContain('may not run here');
    expect((await dryRunPod(real, 'team-a', 'ghcr.io/org/app')).status).toBe(201);
    expect((await dryRunPod(real, 'elsewhere', 'evil.io/x')).status).toBe(201);
  });

  it('repairs what is deleted or edited by hand with one write each', async () => {
    const kinds = ['validatingadmissionpolicies', 'validatingadmissionpolicybindings'] as const;
    for (const kind of kinds) {
      const path = policyPath(real, kind);
      const before = await real.kubernetes.call({ path });
      const deleted = await policyWrites(real, () =>
        provenAfter(real, 'whitelist', () => real.kubernetes.call({ method: 'DELETE', path })),
      );
      expect(deleted, `${kind} deleted`).toBe(2);
      // What is said to be in force again is, also if the API server has noticed that it was gone.
      expect((await dryRunPod(real, 'team-a', refused)).status).toBe(403);
      const spec = kind.endsWith('bindings')
        ? { validationActions: ['Audit'] }
        : { failurePolicy: 'Ignore' };
      const edited = await policyWrites(real, () =>
        provenAfter(real, 'whitelist', () => patch(real, path, { spec })),
      );
      expect(edited, `${kind} edited`).toBe(2);
      const after = await real.kubernetes.call({ path });
      const specOf = (reply: typeof before) => (reply.json as { spec: unknown }).spec;
      expect(specOf(after)).toEqual(specOf(before));
    }
  });

  it.each(kinds)('refuses a %s with an image that is not listed', async (kind, place, bodyOf) => {
    const [root, collection] = place.split(' ');
    const ask = (image: string) =>
      real.kubernetes.call({
        method: 'POST',
        path: `/${root}/namespaces/team-a/${collection}?dryRun=All`,
        body: { metadata: { name: 'new', labels }, ...bodyOf(image) },
      });
    const no = await ask(refused);
    expect(no.status, `${kind}: ${no.text}`).toBe(403);
    expect(no.text).toContain('Image \\"evil.io/org/app:1\\" may not run here');
    expect(no.text).toContain(real.policyName);
    const yes = await ask(allowed);
    expect(yes.status, `${kind}: ${yes.text}`).toBe(201);
  });

  it('refuses an ephemeral container in a running pod', async () => {
    const pod = await createPod(real, 'team-a', podWith(allowed));
    expect(pod.status, pod.text).toBe(201);
    const { name } = (pod.json as { metadata: { name: string } }).metadata;
    const add = (image: string) =>
      real.kubernetes.call({
        method: 'PATCH',
        path: `/api/v1/namespaces/team-a/pods/${name}/ephemeralcontainers`,
        contentType: 'application/strategic-merge-patch+json',
        body: { spec: { ephemeralContainers: [{ name: 'debug', image }] } },
      });
    expect((await add(refused)).status).toBe(403);
    expect((await add(allowed)).status).toBe(200);
  });

  it('covers a namespace from its first request, and one that is not selected never', async () => {
    await real.kubernetes.createNamespace('team-later');
    expect((await dryRunPod(real, 'team-later', refused)).status).toBe(403);
    expect((await dryRunPod(real, 'elsewhere', refused)).status).toBe(201);
  });

  it('warns instead of refusing with one write, and refuses again with one', async () => {
    const warned = await policyWrites(real, () =>
      provenAfter(real, 'whitelist', () => putSetting(real, 'policy.mode', 'warn')),
    );
    expect(warned).toBe(1);
    expect(await halfOf(real, 'whitelist')).toMatchObject({ state: 'warns' });
    const reply = await dryRunPod(real, 'team-a', refused);
    expect(reply.status).toBe(201);
    expect(String(reply.headers.warning)).toContain('may not run here');
    const enforced = await policyWrites(real, () =>
      provenAfter(real, 'whitelist', () => putSetting(real, 'policy.mode', 'enforce')),
    );
    expect(enforced).toBe(1);
    expect((await dryRunPod(real, 'team-a', refused)).status).toBe(403);
  });

  it('writes nothing when it looks again, and nothing for a setting that means the same', async () => {
    const writes = await policyWrites(real, async () => {
      const { targetId } = real;
      const env = real.stage.cast.environment.id;
      await real.stage.cast.owner.client(endpoints.syncTarget, { env, targetId });
      await putSetting(real, 'registry.whitelist', ' ghcr.io/org/ ,quay.io,');
      await untilState(real, 'whitelist', 'in-force');
    });
    expect(writes).toBe(0);
  });

  it('is narrowed by the installation and by a target that selects less, one write each', async () => {
    const narrowed = await policyWrites(real, () =>
      provenAfter(real, 'whitelist', () =>
        real.stage.cast.admin.client(endpoints.putInstallationSetting, {
          name: 'registry.whitelist',
          body: { value: 'quay.io', acknowledged: true },
        }),
      ),
    );
    expect(narrowed).toBe(1);
    expect((await dryRunPod(real, 'team-a', allowed)).status).toBe(403);
    expect((await dryRunPod(real, 'team-a', 'quay.io/x')).status).toBe(201);
    const { targetId } = real;
    const env = real.stage.cast.environment.id;
    const select = (include: string[]) =>
      real.stage.cast.admin.client(endpoints.updateTarget, {
        env,
        targetId,
        body: { namespaces: { include, exclude: ['team-b'], matchLabels: {} } },
      });
    const left = await policyWrites(real, () =>
      provenAfter(real, 'whitelist', () => select(['team-*'])),
    );
    expect(left).toBe(1);
    expect((await dryRunPod(real, 'team-b', refused)).status).toBe(201);
    expect((await dryRunPod(real, 'team-a', refused)).status).toBe(403);
    await provenAfter(real, 'whitelist', () =>
      real.stage.cast.admin.client(endpoints.deleteInstallationSetting, {
        name: 'registry.whitelist',
        query: { acknowledged: 'true' },
      }),
    );
    expect((await dryRunPod(real, 'team-a', allowed)).status).toBe(201);
  });

  it('takes the binding away first and everything in the end when it is rolled back', async () => {
    const writes = await policyWrites(real, async () => {
      await clearSetting(real, 'registry.whitelist');
      await untilState(real, 'whitelist', 'off');
    });
    expect(writes).toBe(2);
    expect(await presentPolicies(real)).toEqual([]);
    await eventually(async () => {
      expect((await dryRunPod(real, 'team-a', refused)).status).toBe(201);
    });
  });

  it('leaves an object of its name that is not ours as it is, says so, and goes on when it is gone', async () => {
    const path = policyPath(real, 'validatingadmissionpolicies');
    const spec = {
      matchConstraints: {
        resourceRules: [
          { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] },
        ],
      },
      validations: [{ expression: 'true' }],
    };
    const foreign = await real.kubernetes.call({
      method: 'POST',
      path: path.slice(0, path.lastIndexOf('/')),
      body: { metadata: { name: real.policyName }, spec },
    });
    expect(foreign.status, foreign.text).toBe(201);
    const writes = await policyWrites(real, async () => {
      await putSetting(real, 'registry.whitelist', 'ghcr.io/org');
      const conflict = await untilState(real, 'whitelist', 'conflict');
      expect(conflict).toMatchObject({ code: 'policy.foreign', provenAt: null });
      expect(conflict.detail).toContain(real.policyName);
    });
    // The refused creation; nothing was changed by it.
    expect(writes).toBeLessThanOrEqual(2);
    expect((await real.kubernetes.call({ path })).json).toEqual(foreign.json);
    await real.kubernetes.call({ method: 'DELETE', path });
    const env = real.stage.cast.environment.id;
    await real.stage.cast.owner.client(endpoints.syncTarget, { env, targetId: real.targetId });
    await untilState(real, 'whitelist', 'in-force');
  });

  it('takes our own object back when somebody strips its marks', async () => {
    const path = policyPath(real, 'validatingadmissionpolicies');
    await provenAfter(real, 'whitelist', () =>
      patch(real, path, { metadata: { labels: null, annotations: null } }),
    );
    const { json } = await real.kubernetes.call({ path });
    expect(json).toMatchObject({
      metadata: { labels: { 'app.kubernetes.io/managed-by': 'moorage' } },
    });
  });

  it('shrinks with a target that leaves, and is taken away with the last one', async () => {
    const { stage, clusterId, targetId } = real;
    const env = stage.cast.environment.id;
    const second = await addTarget(stage, clusterId, {
      namespaces: { include: ['elsewhere'], exclude: [], matchLabels: {} },
      serviceAccounts: 'none',
      secretName: 'second',
    });
    await eventually(async () => {
      expect((await dryRunPod(real, 'elsewhere', refused)).status).toBe(403);
    });
    await stage.cast.owner.client(endpoints.deleteTarget, { env, targetId });
    await eventually(async () => {
      expect((await dryRunPod(real, 'team-a', refused)).status).toBe(201);
      expect((await dryRunPod(real, 'elsewhere', refused)).status).toBe(403);
    });
    await stage.cast.owner.client(endpoints.deleteTarget, { env, targetId: second.id });
    await eventually(async () => {
      const { total } = await stage.cast.owner.client(endpoints.listTargets, { env, query: {} });
      expect(total).toBe(0);
    }, 20_000);
    expect(await presentPolicies(real)).toEqual([]);
    const rows = await stage.harness.database.query('select 1 from image_policy_states');
    expect(rows).toEqual([]);
  });
});
