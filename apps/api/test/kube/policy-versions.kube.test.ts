/**
 * What API servers of different versions can hold of a policy, and that the API says so truthfully:
 * 1.36 rewrites bare names, 1.34 does so only with the beta switched on, and a plugin that is
 * switched off enforces nothing although it is served.
 */
import { hasParts, type KubernetesOptions, olderKubernetesVersion } from '@moorage/testbed';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../sync-stage.js';
import {
  allowWhatIsNeeded,
  clearSetting,
  dryRunPod,
  getPolicy,
  halfOf,
  type PolicyStage,
  policyPath,
  policyWrites,
  presentPolicies,
  provenAfter,
  putSetting,
  startPolicyStage,
  untilState,
} from './policy-stage.js';

let real: PolicyStage | undefined;
afterEach(async () => {
  await real?.close();
  real = undefined;
});

async function start(options: KubernetesOptions): Promise<PolicyStage> {
  real = await startPolicyStage({ ...options, namespaces: ['team-a'], include: ['team-*'] });
  return real;
}

async function switchOn(stage: PolicyStage): Promise<void> {
  await putSetting(stage, 'policy.default-registry-at', 'pod');
  await putSetting(stage, 'registry.default', 'reg.corp:5000/proxy');
  await putSetting(stage, 'registry.whitelist', 'ghcr.io/org');
  await allowWhatIsNeeded(stage);
}

function imagesOf(reply: { json: unknown }): string[] {
  const { spec } = reply.json as { spec: { containers: { image: string }[] } };
  return spec.containers.map(({ image }) => image);
}

describe.skipIf(!hasParts('kubernetes'))('Kubernetes 1.36', () => {
  it('rewrites bare names in new pods, follows another default registry, and is cleaned', async () => {
    const stage = await start({ name: 'rewriting' });
    await switchOn(stage);
    await untilState(stage, 'defaultRegistry', 'in-force', 60_000);
    await untilState(stage, 'whitelist', 'in-force');
    expect(await presentPolicies(stage)).toHaveLength(4);
    const pod = await dryRunPod(stage, 'team-a', 'nginx', 'ghcr.io/org/app');
    expect(pod.status, pod.text).toBe(201);
    expect(imagesOf(pod)).toEqual(['reg.corp:5000/proxy/nginx', 'ghcr.io/org/app']);

    // Another default registry: at no moment is a bare name refused.
    const seen = new Set<string>();
    let isOver = false;
    const asking = (async () => {
      while (!isOver) {
        const reply = await dryRunPod(stage, 'team-a', 'nginx');
        seen.add(reply.status === 201 ? (imagesOf(reply)[0] ?? '') : reply.text.slice(0, 200));
      }
    })();
    await provenAfter(stage, 'defaultRegistry', () =>
      putSetting(stage, 'registry.default', 'mirror.corp'),
    );
    await untilState(stage, 'whitelist', 'in-force');
    isOver = true;
    await asking;
    expect([...seen].sort()).toEqual(['mirror.corp/nginx', 'reg.corp:5000/proxy/nginx']);
    const before = await dryRunPod(stage, 'team-a', 'reg.corp:5000/proxy/nginx');
    expect(before.status).toBe(403);

    for (const kind of ['mutatingadmissionpolicies', 'mutatingadmissionpolicybindings'] as const) {
      const path = policyPath(stage, kind);
      const writes = await policyWrites(stage, () =>
        provenAfter(stage, 'defaultRegistry', () =>
          stage.kubernetes.call({ method: 'DELETE', path }),
        ),
      );
      expect(writes, kind).toBe(2);
    }
    await clearSetting(stage, 'registry.default');
    await clearSetting(stage, 'registry.whitelist');
    await untilState(stage, 'defaultRegistry', 'off');
    await untilState(stage, 'whitelist', 'off');
    expect(await presentPolicies(stage)).toEqual([]);
  });

  it('does not call in force what its switched-off plugin does not enforce', async () => {
    const plugin = '--disable-admission-plugins=ServiceAccount,ValidatingAdmissionPolicy';
    const stage = await start({ name: 'plugin-off', flags: [plugin] });
    await putSetting(stage, 'registry.whitelist', 'ghcr.io/org');
    await allowWhatIsNeeded(stage);
    await eventually(async () => {
      expect(await halfOf(stage, 'whitelist')).toMatchObject({
        state: 'failed',
        code: 'policy.not-enforced',
        provenAt: null,
      });
    }, 60_000);
    expect((await dryRunPod(stage, 'team-a', 'evil.io/x')).status).toBe(201);
  });
});

describe.skipIf(!hasParts('older-kubernetes'))(`Kubernetes ${olderKubernetesVersion}`, () => {
  const version = olderKubernetesVersion;

  it('enforces the whitelist, and is said not to rewrite bare names', async () => {
    const stage = await start({ name: 'older', version });
    await switchOn(stage);
    await untilState(stage, 'whitelist', 'in-force', 60_000);
    const { clusters } = await getPolicy(stage);
    expect(clusters).toEqual([
      expect.objectContaining({
        kubernetesVersion: `v${version}`,
        defaultRegistry: expect.objectContaining({
          state: 'unavailable',
          code: 'policy.no-mutating-policies',
          provenAt: null,
        }),
      }),
    ]);
    expect((await dryRunPod(stage, 'team-a', 'evil.io/x')).status).toBe(403);
    expect((await dryRunPod(stage, 'team-a', 'ghcr.io/org/app')).status).toBe(201);
    // A bare name stays Docker Hub's, in pods and in templates alike.
    const bare = await dryRunPod(stage, 'team-a', 'nginx');
    expect(bare.status).toBe(403);
    expect(bare.text).toContain('docker.io');
    const template = {
      metadata: { labels: { a: 'b' } },
      spec: { containers: [{ name: 'c', image: 'nginx' }] },
    };
    const deployment = await stage.kubernetes.call({
      method: 'POST',
      path: '/apis/apps/v1/namespaces/team-a/deployments?dryRun=All',
      body: {
        metadata: { name: 'web' },
        spec: { selector: { matchLabels: { a: 'b' } }, template },
      },
    });
    expect(deployment.status).toBe(403);
  });

  it('rewrites bare names by the beta where it is switched on', async () => {
    const flags = [
      '--feature-gates=MutatingAdmissionPolicy=true',
      '--runtime-config=admissionregistration.k8s.io/v1beta1=true',
    ];
    const stage = await start({ name: 'older-beta', version, flags });
    await switchOn(stage);
    await untilState(stage, 'defaultRegistry', 'in-force', 60_000);
    await untilState(stage, 'whitelist', 'in-force');
    const pod = await dryRunPod(stage, 'team-a', 'nginx');
    expect(pod.status, pod.text).toBe(201);
    expect(imagesOf(pod)).toEqual(['reg.corp:5000/proxy/nginx']);
    const path = policyPath(stage, 'mutatingadmissionpolicies', 'v1beta1');
    expect((await stage.kubernetes.call({ path })).status).toBe(200);
    const writes = await policyWrites(stage, () =>
      provenAfter(stage, 'defaultRegistry', () =>
        stage.kubernetes.call({ method: 'DELETE', path }),
      ),
    );
    expect(writes).toBe(2);
  });
});
