/** Two environments whose targets share a namespace: both policies hold there, and both are shown to. */
import { endpoints } from '@moorage/contract';
import { hasParts } from '@moorage/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCast, type Cast } from '../factories.js';
import {
  allowWhatIsNeeded,
  dryRunPod,
  type PolicyStage,
  putSetting,
  startPolicyStage,
  untilState,
} from './policy-stage.js';

describe.skipIf(!hasParts('kubernetes'))('environments that share a namespace', () => {
  let real: PolicyStage;
  let other: Cast;
  beforeAll(async () => {
    real = await startPolicyStage({ name: 'shared', namespaces: ['shared'], include: ['shared'] });
    other = await buildCast(real.stage.harness);
    await real.stage.cast.admin.client(endpoints.createTarget, {
      env: other.environment.id,
      body: {
        clusterId: real.clusterId,
        namespaces: { include: ['shared'], exclude: [], matchLabels: {} },
        serviceAccounts: 'none',
      },
    });
  });
  afterAll(() => real?.close());

  it('must both allow an image, and each is proven though the other may refuse first', async () => {
    const stage = { ...real.stage, cast: other };
    const second = { ...real, stage };
    await putSetting(real, 'registry.whitelist', 'ghcr.io,quay.io');
    await putSetting(second, 'registry.whitelist', 'quay.io,docker.io/library');
    await allowWhatIsNeeded(real);
    await untilState(real, 'whitelist', 'in-force', 60_000);
    await untilState(second, 'whitelist', 'in-force', 60_000);
    const statusOf = async (image: string) => (await dryRunPod(real, 'shared', image)).status;
    expect(await statusOf('quay.io/x')).toBe(201);
    for (const image of ['ghcr.io/x', 'nginx', 'evil.io/x'])
      expect(await statusOf(image)).toBe(403);
    // Warning is said beside the other one's refusal, and is proven by it.
    await putSetting(second, 'policy.mode', 'warn');
    await untilState(second, 'whitelist', 'warns');
    expect(await statusOf('ghcr.io/x')).toBe(201);
    expect(await statusOf('nginx')).toBe(403);
  });
});
