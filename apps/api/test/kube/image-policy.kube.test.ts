/** The image policy in a real API server: set through the API, proven, enforced, repaired, taken away. */
import { hasParts } from '@moorage/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  allowWhatIsNeeded,
  dryRunPod,
  halfOf,
  type PolicyStage,
  patch,
  policyPath,
  policyWrites,
  presentPolicies,
  provenAfter,
  putSetting,
  readPermissions,
  startPolicyStage,
  untilState,
} from './policy-stage.js';

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
    const proven = await untilState(real, 'whitelist', 'in-force', 60_000);
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
});
