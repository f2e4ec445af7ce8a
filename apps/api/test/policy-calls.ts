/** How tests set an image policy and see it stand in a simulated cluster. */
import { endpoints, type ImagePolicy, type SettingName } from '@moorage/contract';
import type { KubeObject, SimulatedCluster } from '@moorage/sandbox';
import type { TestUser } from './factories.js';
import { eventually } from './sync-stage.js';

export async function putSetting(
  { client }: Pick<TestUser, 'client'>,
  env: string,
  name: SettingName,
  value: string,
): Promise<void> {
  await client(endpoints.putSetting, { env, name, body: { value, acknowledged: true } });
}

export function getPolicy({ client }: Pick<TestUser, 'client'>, env: string): Promise<ImagePolicy> {
  return client(endpoints.getPolicy, { env });
}

type Cluster = ImagePolicy['clusters'][number];

export async function clusterOf(
  user: Pick<TestUser, 'client'>,
  env: string,
  clusterId: string,
): Promise<Cluster> {
  const { clusters } = await getPolicy(user, env);
  const found = clusters.find((cluster) => cluster.clusterId === clusterId);
  if (found === undefined) throw new Error('the policy names no such cluster');
  return found;
}

export function untilHalf(
  user: Pick<TestUser, 'client'>,
  place: { env: string; clusterId: string; half: 'whitelist' | 'defaultRegistry' },
  expected: Partial<Cluster['whitelist']>,
): Promise<Cluster['whitelist']> {
  return eventually(async () => {
    const { [place.half]: found } = await clusterOf(user, place.env, place.clusterId);
    for (const [key, value] of Object.entries(expected)) {
      if (found[key as keyof typeof found] !== value) throw new Error(JSON.stringify(found));
    }
    return found;
  }, 20_000);
}

const kinds = [
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
  'mutatingadmissionpolicies',
  'mutatingadmissionpolicybindings',
];

/** The policy objects in the simulated cluster, by resource. */
export function policiesIn(
  simulated: SimulatedCluster,
): ReadonlyMap<string, readonly KubeObject[]> {
  return new Map(
    kinds.flatMap((plural) => {
      const found = simulated.list(plural);
      return found.length === 0 ? [] : [[plural, found] as const];
    }),
  );
}

/** What was asked of the simulated cluster about policies so far: `verb resource`. */
export function policyRequests(simulated: SimulatedCluster): string[] {
  return simulated.requests
    .records()
    .filter(
      ({ resource, path }) => kinds.includes(resource) || path.includes('admissionregistration'),
    )
    .map(({ verb, resource, path }) => `${verb || 'get'} ${resource || path}`);
}
