/**
 * Keeps the image policies of a cluster's environments as they should be: from the desired state
 * and the watched objects to the missing writes, and on to the proof that they are in force.
 * Level-triggered like everything in sync; without a policy it asks the cluster nothing.
 */
import { type AdmissionKind, admissionKinds, type PolicyHalf } from '@moorage/core';
import type { KubeClient } from '@moorage/kube';
import type { Log } from '../../config/log.js';
import type { ClusterStore } from '../cluster-store.js';
import type { DesiredCluster } from '../desired-cluster.js';
import { type Lease, LeaseLost } from '../lease.js';
import { type Look, LookLoop } from '../look-loop.js';
import type { SlimNamespace } from '../slim-objects.js';
import type { ImagePolicyStatus } from '../sync-model.js';
import { WriteBudget } from '../write-budget.js';
import { type AdmissionVersions, readAdmissionVersions } from './admission-resources.js';
import { HeldPolicies } from './held-policies.js';
import { ObservedPolicies } from './observed-policies.js';
import { claimOf, keyOf } from './policy-claims.js';
import { PolicyDelivery } from './policy-delivery.js';
import { type PolicyProblem, problemOf } from './policy-outcome.js';
import { PolicyProver } from './policy-prover.js';
import { type PolicyWish, wantsAnything, wishesOf } from './policy-wishes.js';
import { halfOf, PolicyWriter } from './policy-writer.js';

/** What a cluster serves changes when it is upgraded or its flags are. */
const VERSIONS_MS = 5 * 60_000;

export interface ImagePolicySyncParts {
  readonly client: KubeClient;
  readonly lease: Lease;
  readonly installationId: string;
  readonly desired: () => DesiredCluster;
  readonly namespaces: () => Iterable<SlimNamespace>;
  readonly store: Pick<ClusterStore, 'loadPolicyStates' | 'savePolicyStates'>;
  readonly onDone: () => void;
  readonly signal: AbortSignal;
  readonly log: Pick<Log, 'warn'>;
}

export class ImagePolicySync {
  readonly #parts: ImagePolicySyncParts;
  readonly #held = new HeldPolicies();
  readonly #observed: ObservedPolicies;
  readonly #writer: PolicyWriter;
  readonly #delivery: PolicyDelivery;
  readonly #prover = new PolicyProver();
  readonly #loop: LookLoop<ImagePolicyStatus>;
  #versions: { readonly value: AdmissionVersions; readonly at: number } | null = null;
  /** As they were last written down. */
  #statuses: readonly ImagePolicyStatus[] = [];
  /** Somebody waits for a namespace, or could clash in one. */
  #minds = false;

  constructor(parts: ImagePolicySyncParts) {
    this.#parts = parts;
    const { client, lease, installationId, signal, log, onDone } = parts;
    const onChange = () => this.wake();
    this.#observed = new ObservedPolicies({ client, installationId, signal, onChange });
    this.#writer = new PolicyWriter({ client, lease, observed: this.#observed });
    this.#delivery = new PolicyDelivery({
      writer: this.#writer,
      observed: this.#observed,
      budget: new WriteBudget(),
      signal,
    });
    this.#loop = new LookLoop<ImagePolicyStatus>({
      what: 'image policy',
      look: () => this.#look(),
      save: (statuses) => this.#save(statuses),
      onDone,
      signal,
      log,
    });
  }

  /** What an earlier process has written, before anything is decided. */
  async restore(): Promise<void> {
    this.#statuses = await this.#parts.store.loadPolicyStates();
    this.#held.restore(this.#statuses);
  }

  wake(): void {
    this.#loop.wake();
  }

  namespacesChanged(): void {
    if (this.#minds) this.wake();
  }

  belongsTo(environmentId: string, targetId: string): boolean {
    return this.#held.belongsTo(environmentId, targetId);
  }

  async #look(): Promise<Look<ImagePolicyStatus>> {
    const desired = this.#parts.desired();
    if (this.#held.isEmpty && !desired.policies.some(wantsAnything)) return this.#rest();
    try {
      return await this.#lookCloser(desired);
    } catch (error) {
      if (error instanceof LeaseLost) throw error;
      // The cluster did not answer what it serves: nothing new is known.
      return { statuses: this.#statuses, retryMs: problemOf(error).retryMs };
    }
  }

  async #lookCloser(desired: DesiredCluster): Promise<Look<ImagePolicyStatus>> {
    const versions = await this.#readVersions();
    const namespaces = [...this.#parts.namespaces()];
    const { installationId } = this.#parts;
    const wishes = wishesOf(desired, { installationId, versions, namespaces });
    this.#minds = wishes.length > 1;
    this.#observed.watch(this.#kindsOf(wishes), versions);
    const round = { desired, wishes, versions, namespaces };
    if (!this.#observed.isComplete) return this.#waiting(round);
    await this.#announce(round);
    const problems = await this.#delivery.bring({ ...round, installationId });
    this.#settleHeld(round, problems);
    return await this.#prove(round, problems);
  }

  #rest(): Look<ImagePolicyStatus> {
    this.#minds = false;
    this.#observed.stop();
    this.#prover.retain(new Set());
    return { statuses: [], retryMs: null };
  }

  /** The first picture is not there yet, and perhaps never will be. */
  #waiting(round: Round): Look<ImagePolicyStatus> {
    const { problem } = this.#observed;
    const found: PolicyProblem | null = problem === null ? null : problemOf(problem);
    const states = this.#statesOf(round, () => ({
      state: found?.state ?? 'pending',
      code: found?.code ?? null,
      detail: found?.detail ?? null,
      provenAt: null,
    }));
    // The watches tell when it is there.
    return { statuses: states, retryMs: null };
  }

  /** Writes down that something may be in the cluster, before it is. */
  async #announce({ wishes }: Round): Promise<void> {
    let isNews = false;
    const begun: ImagePolicyStatus[] = [];
    for (const wish of wishes) {
      for (const half of HALVES) {
        if (!isWritten(wish, half)) continue;
        isNews = this.#held.add(wish.environmentId, half) || isNews;
        begun.push({ ...statusBase(wish, half, true), ...PENDING });
      }
    }
    if (!isNews) return;
    const others = this.#statuses.filter(
      ({ environmentId, half }) =>
        !begun.some((each) => each.environmentId === environmentId && each.half === half),
    );
    await this.#save([...others, ...begun]);
  }

  /** What is gone is not held any more; what is there goes by the targets of now. */
  #settleHeld({ wishes }: Round, problems: ReadonlyMap<string, PolicyProblem>): void {
    const present = [...this.#observed.all().values()].flat();
    for (const environmentId of this.#held.environments()) {
      const wish = wishes.find((each) => each.environmentId === environmentId);
      if (problems.has(environmentId)) continue;
      for (const half of HALVES) {
        const isThere = present.some(
          (object) => object.environmentId === environmentId && halfOf(object.kind) === half,
        );
        if (!isThere && !(wish !== undefined && isWritten(wish, half))) {
          this.#held.remove(environmentId, half);
        }
      }
      const targets = wish?.targets.map(({ row }) => row.id) ?? [];
      this.#held.covers(environmentId, new Set(targets));
    }
  }

  async #prove(
    round: Round,
    problems: ReadonlyMap<string, PolicyProblem>,
  ): Promise<Look<ImagePolicyStatus>> {
    const { client } = this.#parts;
    const context = {
      ...round,
      client,
      writesOf: (name: string, half: PolicyHalf) => this.#writer.writesOf(name, half),
    };
    const waits: number[] = [...problems.values()].map(({ retryMs }) => retryMs);
    const verdicts = new Map<string, Verdict>();
    for (const wish of round.wishes) {
      if (problems.has(wish.environmentId)) continue;
      for (const half of HALVES) {
        const claim = claimOf(wish, half, context);
        if (claim === null) continue;
        const { verdict, retryMs } = await this.#prover.check(claim);
        verdicts.set(claim.key, verdict);
        waits.push(retryMs);
        if (verdict.code === 'policy.no-namespace') this.#minds = true;
      }
    }
    this.#prover.retain(new Set(verdicts.keys()));
    const statuses = this.#statesOf(round, (environmentId, half) => {
      const problem = problems.get(environmentId);
      if (problem === undefined) return verdicts.get(keyOf(environmentId, half)) ?? PENDING;
      const { state, code, detail } = problem;
      return { state, code, detail, provenAt: null };
    });
    return { statuses, retryMs: waits.length === 0 ? null : Math.max(10, Math.min(...waits)) };
  }

  /** One status for each half that is wanted, hindered or still there. */
  #statesOf(
    { wishes }: Round,
    verdictOf: (environmentId: string, half: PolicyHalf) => Verdict,
  ): readonly ImagePolicyStatus[] {
    const wished = new Map(wishes.map((wish) => [wish.environmentId, wish]));
    const ids = new Set([...wished.keys(), ...this.#held.environments()]);
    return [...ids].sort().flatMap((environmentId) =>
      ORDERED_HALVES.flatMap((half): ImagePolicyStatus[] => {
        const wish = wished.get(environmentId);
        const written = this.#held.has(environmentId, half);
        const base = { ...statusBase({ settingsHash: '', ...wish, environmentId }, half, written) };
        const hindrance = wish?.hindrances[half];
        if (hindrance !== undefined) {
          const { state, code, detail } = hindrance;
          return [{ ...base, state, code, detail, provenAt: null }];
        }
        const isWanted = wish !== undefined && isWritten(wish, half);
        return isWanted || written ? [{ ...base, ...verdictOf(environmentId, half) }] : [];
      }),
    );
  }

  #kindsOf(wishes: readonly PolicyWish[]): ReadonlySet<AdmissionKind> {
    const held = this.#held.halves();
    const wanted = (half: PolicyHalf) =>
      held.has(half) || wishes.some((wish) => isWritten(wish, half));
    return new Set(admissionKinds.filter((kind) => wanted(halfOf(kind))));
  }

  async #readVersions(): Promise<AdmissionVersions> {
    const now = performance.now();
    if (this.#versions === null || now - this.#versions.at >= VERSIONS_MS) {
      this.#versions = { value: await readAdmissionVersions(this.#parts.client), at: now };
    }
    return this.#versions.value;
  }

  async #save(statuses: readonly ImagePolicyStatus[]): Promise<void> {
    await this.#parts.store.savePolicyStates(statuses);
    this.#statuses = statuses;
  }
}

export interface Round {
  readonly desired: DesiredCluster;
  readonly wishes: readonly PolicyWish[];
  readonly versions: AdmissionVersions;
  readonly namespaces: readonly SlimNamespace[];
}

type Verdict = Pick<ImagePolicyStatus, 'state' | 'code' | 'detail' | 'provenAt'>;

const HALVES: readonly PolicyHalf[] = ['whitelist', 'default-registry'];
/** As the database gives them back. */
const ORDERED_HALVES: readonly PolicyHalf[] = [...HALVES].sort();

const PENDING: Verdict = { state: 'pending', code: null, detail: null, provenAt: null };

/** Whether objects of that half are to be in the cluster. */
function isWritten({ compiled, hindrances }: PolicyWish, half: PolicyHalf): boolean {
  if (compiled === null || hindrances[half] !== undefined) return false;
  return (half === 'whitelist' ? compiled.whitelist : compiled.defaultRegistry) !== null;
}

function statusBase(
  { environmentId, settingsHash }: Pick<PolicyWish, 'environmentId' | 'settingsHash'>,
  half: PolicyHalf,
  written: boolean,
): Pick<ImagePolicyStatus, 'environmentId' | 'half' | 'written' | 'settingsHash'> {
  return { environmentId, half, written, settingsHash };
}
