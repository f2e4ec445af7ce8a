/** What becomes of an image in one cluster, by what is in force there. Pure. */
import { decideImage, type ImageDecision, type ImagePolicy, judgedAsWritten } from '@moorage/core';

/** How the two halves of the policy stand there; other words than these two mean "not". */
export interface InForce {
  readonly whitelist: string | null;
  /** Why it is not, or what else there is to say. */
  readonly whitelistDetail: string | null;
  readonly defaultRegistry: string | null;
}

export interface ImageInCluster {
  readonly image: string;
  readonly outcome: 'runs' | 'warns' | 'refused';
  readonly enforced: boolean;
  readonly detail: string;
}

/** A policy of another environment that serves some of the same namespaces. */
export interface NeighbourPolicy {
  readonly policy: ImagePolicy;
  readonly count: number;
  readonly example: string;
  /** Of its whitelist there. */
  readonly state: string | null;
}

export function decideInCluster(
  image: string,
  policy: ImagePolicy,
  { inForce, neighbours }: { inForce: InForce; neighbours: readonly NeighbourPolicy[] },
): ImageInCluster {
  const isRewritten =
    policy.defaultRegistryAt === 'workload' || inForce.defaultRegistry === 'in-force';
  const decision = decideImage(image, isRewritten ? policy : judgedAsWritten(policy));
  const shared = neighbours.flatMap((each) => describeNeighbour(decision.image, each));
  const own = judge(decision, inForce);
  const bare = isRewritten ? [] : describeBare(policy, image, decision);
  return { image: decision.image, ...own, detail: [own.detail, ...bare, ...shared].join(' ') };
}

function judge(
  decision: ImageDecision,
  { whitelist, whitelistDetail }: InForce,
): Omit<ImageInCluster, 'image'> {
  if (decision.outcome !== 'denied') {
    return { outcome: 'runs', enforced: false, detail: decision.reason };
  }
  if (whitelist === 'in-force') {
    return { outcome: 'refused', enforced: true, detail: decision.reason };
  }
  if (whitelist === 'warns') {
    return {
      outcome: 'warns',
      enforced: false,
      detail: `It runs with a warning. ${decision.reason}`,
    };
  }
  const why = whitelistDetail === null ? '' : ` ${whitelistDetail}`;
  const what =
    whitelist === 'not-proven'
      ? 'Whether the whitelist is in force here is not proven: made past Moorage, it may run.'
      : 'The whitelist is not in force here: made past Moorage, it runs.';
  const detail = `${what}${why}`;
  return { outcome: 'runs', enforced: false, detail };
}

function describeBare(policy: ImagePolicy, image: string, decision: ImageDecision): string[] {
  const wouldBe = decideImage(image, policy).image;
  if (wouldBe === decision.image) return [];
  return ['The default registry is not put into new pods here, so the name is Docker Hub’s.'];
}

/** The other environment is not named: the caller may not know of it. */
function describeNeighbour(
  image: string,
  { policy, count, example, state }: NeighbourPolicy,
): string[] {
  if (decideImage(image, judgedAsWritten(policy)).outcome !== 'denied') return [];
  if (state !== 'in-force' && state !== 'warns') return [];
  const verb = state === 'in-force' ? 'refuses it' : 'warns of it';
  const where = count === 1 ? `namespace ${example}` : `${count} namespaces such as ${example}`;
  return [`In ${where}, which another environment serves too, that one's whitelist ${verb}.`];
}
