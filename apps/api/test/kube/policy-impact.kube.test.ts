/**
 * A dry run is only worth something if it is right: what it says of 500 workloads is compared with
 * what a real API server refuses once the policy is in force.
 *
 * MOORAGE_IMPACT_NAMESPACES sets how many namespaces there are; the default keeps the file short.
 */
import { endpoints, PolicyImpact, type SettingName } from '@moorage/contract';
import { hasParts } from '@moorage/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemOf } from '../harness.js';
import {
  composeWorkloads,
  create,
  each,
  imageNames,
  type Running,
  recreate,
} from './policy-impact-world.js';
import {
  allowWhatIsNeeded,
  type PolicyStage,
  putSetting,
  startPolicyStage,
  untilState,
} from './policy-stage.js';

const namespaceCount = Number(process.env.MOORAGE_IMPACT_NAMESPACES ?? 40);
const workloadCount = 500;
const namespaces = Array.from({ length: namespaceCount }, (_, nth) => `team-${nth}`);
/** Wide enough for a report without a cut; bare names depend on who they are. */
const withoutHub =
  'ghcr.io,quay.io,registry.k8s.io,mcr.microsoft.com,public.ecr.aws,localhost,localhost:5000,foo:5000,reg.corp';
const whitelist = 'docker.io/library,ghcr.io/org,localhost,reg.corp:5000';

describe.skipIf(!hasParts('kubernetes')).each([
  ['1.36', {}],
  // Cannot rewrite pods: bare names stay Docker Hub's.
  ['1.34', { version: '1.34.4' }],
] as const)('a dry run on Kubernetes %s', (_, options) => {
  let real: PolicyStage;
  let stored: Running[];
  beforeAll(async () => {
    real = await startPolicyStage({ ...options, namespaces, include: ['team-*'] });
    const composed = composeWorkloads(workloadCount, [...namespaces, 'elsewhere']);
    const created = await each(composed, (running) => create(real, running));
    stored = composed.filter((_, index) => created[index]?.status === 201);
    // Two kinds of pods are refused by the API server itself: names with blanks, and image volumes.
    expect(stored.length).toBeGreaterThan(workloadCount * 0.95);
  }, 300_000);
  afterAll(() => real?.close());

  async function dryRun(name: SettingName, value: string): Promise<PolicyImpact> {
    const env = real.stage.cast.environment.id;
    const startedAt = performance.now();
    const reply = await real.stage.cast.owner.client(endpoints.putSetting, {
      ...{ env, name, query: { dryRun: 'true' }, body: { value } },
    });
    const report = PolicyImpact.parse(reply);
    // Somebody waits in front of a screen.
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    return report;
  }

  /** Where the report and the API server disagree, object by object and image by image. */
  async function differences(report: PolicyImpact): Promise<string[]> {
    const refused = new Set(
      report.refusals.map(({ namespace, workload, image }) =>
        [namespace, workload.kind, workload.name, image].join(' '),
      ),
    );
    const wrong = await each(stored, async (running) => {
      const { namespace, kind, name, images } = running;
      const said = images.some((image) =>
        refused.has([namespace, kind.kind, name, image].join(' ')),
      );
      const { status, text } = await recreate(real, running);
      const found = status === 403 && text.includes(real.policyName);
      if (!found && status !== 201) throw new Error(`${kind.kind} ${name}: ${status} ${text}`);
      return said === found ? [] : [`${kind.kind} ${namespace}/${name}: ${said}, ${found}`];
    });
    const refusedImages = new Set(report.refusals.map(({ image }) => image));
    const used = new Set(stored.flatMap(({ images }) => images));
    const wrongImages = await each([...used], async (image) => {
      const body = {
        metadata: { generateName: 'p-' },
        template: { metadata: { labels: {} }, spec: { containers: [{ name: 'a', image }] } },
      };
      const path = '/api/v1/namespaces/team-0/podtemplates?dryRun=All';
      const { status } = await real.kubernetes.call({ method: 'POST', path, body });
      return refusedImages.has(image) === (status === 403) ? [] : [`${image}: ${status}`];
    });
    return [...wrong.flat(), ...wrongImages.flat()];
  }

  it('needs what the manifest offers, and nothing is stored by it', async () => {
    const report = await dryRun('registry.whitelist', whitelist);
    const inTargets = stored.filter(({ namespace }) => namespace !== 'elsewhere');
    expect(report).toMatchObject({
      ...{ complete: true, truncated: false, workloads: inTargets.length },
      clusters: [{ state: 'read', namespaces: namespaces.length }],
    });
    expect(report.images).toBeGreaterThan(imageNames.length * 0.9);
    expect(report.newlyRefused).toBe(report.refusals.length);
    expect(report.refusedWorkloads).toBeGreaterThan(100);
    const env = real.stage.cast.environment.id;
    const put = real.stage.cast.owner.client(endpoints.putSetting, {
      ...{ env, name: 'registry.whitelist', body: { value: whitelist } },
    });
    expect((await problemOf(put)).code).toBe('policy.would-refuse');
  });

  it('says exactly what is refused once the whitelist is in force', async () => {
    const report = await dryRun('registry.whitelist', whitelist);
    await putSetting(real, 'registry.whitelist', whitelist);
    await allowWhatIsNeeded(real);
    await untilState(real, 'whitelist', 'in-force');
    expect(await differences(report)).toEqual([]);
  });

  it('says it as well when each new pod is given a default registry, where that can be', async () => {
    await putSetting(real, 'policy.mode', 'off');
    await putSetting(real, 'registry.whitelist', withoutHub);
    await putSetting(real, 'policy.default-registry-at', 'pod');
    await putSetting(real, 'registry.default', 'reg.corp:5000/proxy');
    await allowWhatIsNeeded(real);
    await untilState(real, 'defaultRegistry', stateOfRewriting());
    const report = await dryRun('policy.mode', 'enforce');
    expect(report.truncated).toBe(false);
    await putSetting(real, 'policy.mode', 'enforce');
    await untilState(real, 'whitelist', 'in-force');
    expect(await differences(report)).toEqual([]);
    const codes = report.warnings.map(({ code }) => code);
    expect(codes.includes('cluster.cannot-rewrite')).toBe('version' in options);
  });

  function stateOfRewriting(): 'unavailable' | 'in-force' {
    return 'version' in options ? 'unavailable' : 'in-force';
  }
});
