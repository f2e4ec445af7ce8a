/**
 * What an image policy would refuse of what runs in one cluster, counted object by object.
 *
 * Judged as the compiled whitelist judges: names as they are written, unless the cluster puts the
 * default registry in front of each new pod's bare names. What runs keeps running; refused is what
 * the next pod, or the next change that brings the image in, would meet.
 *
 * Only refusals are kept, and of those no more than somebody can read: a cluster of 150,000 pods
 * costs one entry per workload and per different image.
 */
import { type ImagePolicy, policyModes } from './combine-policies.js';
import { decideImage, type ImageDecision, judgedAsWritten } from './decide-image.js';
import { systemNamespaces } from './system-namespaces.js';
import type { RunningWorkload, WorkloadName } from './workload-images.js';

export interface TallyInput {
  /** What counts now; null when nothing does. */
  readonly before: ImagePolicy | null;
  readonly after: ImagePolicy;
  /** Whether the cluster can put a default registry into new pods. */
  readonly rewritesPods: boolean;
}

export interface WorkloadRefusal {
  readonly namespace: string;
  readonly workload: WorkloadName;
  readonly image: string;
  /** Identity; null when the name cannot be read. */
  readonly registry: string | null;
  readonly reason: string;
  readonly refusedAlready: boolean;
  readonly isStatic: boolean;
  readonly isCritical: boolean;
}

/** Refusals that are kept; more than that nobody reads, and counts go on. */
export const refusalsMax = 1_000;

interface Judgement {
  readonly after: ImageDecision;
  readonly refused: boolean;
  readonly refusedAlready: boolean;
}

export class ImpactTally {
  readonly #input: TallyInput;
  readonly #judgements = new Map<string, Judgement>();
  readonly #owners = new Map<string, WorkloadName>();
  readonly #workloads = new Map<string, { refused: boolean; rewritten: boolean }>();
  readonly #seen = new Set<string>();
  readonly #system: WorkloadRefusal[] = [];
  readonly #fresh: WorkloadRefusal[] = [];
  readonly #known: WorkloadRefusal[] = [];
  readonly #rewrittenImages = new Set<string>();
  #refusals = 0;
  #newlyRefused = 0;

  constructor(input: TallyInput) {
    this.#input = input;
  }

  /** In the order of `judgedKinds`: what made an object is known by then. */
  add(running: RunningWorkload): void {
    const workload = this.#topOf(running);
    const key = `${workload.kind}/${running.namespace}/${workload.name}`;
    const state = this.#workloads.get(key) ?? { refused: false, rewritten: false };
    this.#workloads.set(key, state);
    for (const image of running.images) {
      const judgement = this.#judge(image);
      if (judgement.after.outcome === 'rewritten') {
        state.rewritten = true;
        this.#rewrittenImages.add(image);
      }
      if (!judgement.refused) continue;
      state.refused = true;
      const id = `${key} ${image}`;
      if (this.#seen.has(id)) continue;
      this.#seen.add(id);
      this.#keep(running, workload, image, judgement);
    }
  }

  get counts(): {
    readonly workloads: number;
    readonly refusedWorkloads: number;
    readonly rewrittenWorkloads: number;
    readonly refusals: number;
    readonly newlyRefused: number;
  } {
    const states = [...this.#workloads.values()];
    return {
      workloads: states.length,
      refusedWorkloads: states.filter(({ refused }) => refused).length,
      rewrittenWorkloads: states.filter(({ rewritten }) => rewritten).length,
      refusals: this.#refusals,
      newlyRefused: this.#newlyRefused,
    };
  }

  /** Every different image name. */
  get images(): Iterable<string> {
    return this.#judgements.keys();
  }

  /** Bare names that would get the default registry in front. */
  get rewrittenImages(): Iterable<string> {
    return this.#rewrittenImages;
  }

  /** New ones first, before them those of the cluster's own namespaces; at most `refusalsMax`. */
  get refusals(): readonly WorkloadRefusal[] {
    return [...this.#system, ...this.#fresh, ...this.#known].slice(0, refusalsMax);
  }

  #topOf({ kind, namespace, name, owner }: RunningWorkload): WorkloadName {
    if (owner === null) return { kind, name };
    const top = this.#owners.get(`${owner.kind}/${namespace}/${owner.name}`) ?? owner;
    if (kind !== 'Pod') this.#owners.set(`${kind}/${namespace}/${name}`, top);
    return top;
  }

  #judge(image: string): Judgement {
    const known = this.#judgements.get(image);
    if (known !== undefined) return known;
    const { before, after, rewritesPods } = this.#input;
    const decided = decideImage(image, asJudged(after, rewritesPods));
    const refused = decided.outcome === 'denied';
    const isRefusedNow =
      before !== null &&
      atLeast(before.mode, after.mode) &&
      decideImage(image, asJudged(before, rewritesPods)).outcome === 'denied';
    const judgement = {
      after: decided,
      refused: refused && after.whitelist !== null && after.mode !== 'off',
      refusedAlready: isRefusedNow && before.whitelist !== null,
    };
    this.#judgements.set(image, judgement);
    return judgement;
  }

  #keep(running: RunningWorkload, workload: WorkloadName, image: string, found: Judgement): void {
    const { namespace, isStatic, isCritical } = running;
    const { registry, reason } = found.after;
    const { refusedAlready } = found;
    this.#refusals += 1;
    if (!refusedAlready) this.#newlyRefused += 1;
    const isSystem = systemNamespaces.has(namespace);
    const kept = refusedAlready ? this.#known : isSystem ? this.#system : this.#fresh;
    if (kept.length >= refusalsMax) return;
    kept.push({
      ...{ namespace, workload, image, registry, reason, refusedAlready, isStatic, isCritical },
    });
  }
}

function asJudged(policy: ImagePolicy, rewritesPods: boolean): ImagePolicy {
  return policy.defaultRegistryAt === 'pod' && rewritesPods ? policy : judgedAsWritten(policy);
}

function atLeast(mode: ImagePolicy['mode'], other: ImagePolicy['mode']): boolean {
  return policyModes.indexOf(mode) >= policyModes.indexOf(other);
}
