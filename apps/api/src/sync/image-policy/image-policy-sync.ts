/**
 * Keeps the image policies of a cluster's environments as they should be: from the desired state
 * and the watched objects to the missing writes, and on to the proof that they are in force.
 * Level-triggered like everything in sync; without a policy it asks the cluster nothing.
 */
import { type AdmissionKind, admissionKinds, type PolicyHalf } from '@moorage/core';
import type { KubeClient } from '@moorage/kube';
import {
  type AdmissionVersions,
  readAdmissionVersions,
} from '../../clusters/admission-resources.js';
import type { Log } from '../../config/log.js';
import type { ClusterStore } from '../cluster-store.js';
import type { DesiredCluster } from '../desired-cluster.js';
import { type Lease, LeaseLost } from '../lease.js';
import { type Look, LookLoop } from '../look-loop.js';
import type { SlimNamespace } from '../slim-objects.js';
import type { ImagePolicyStatus } from '../sync-model.js';
import { WriteBudget } from '../write-budget.js';
import { HeldPolicies } from './held-policies.js';
import { ObservedPolicies } from './observed-policies.js';
import { claimOf, keyOf } from './policy-claims.js';
import { PolicyDelivery } from './policy-delivery.js';
import { type PolicyProblem, problemOf } from './policy-outcome.js';
import { PolicyProver, type Verdict } from './policy-prover.js';
import { isWritten, pendingVerdict, policyHalves, statusesOf } from './policy-statuses.js';
import { mayClash, type PolicyWish, wantsAnything, wishesOf } from './policy-wishes.js';
import { halfOf, PolicyWriter } from './policy-writer.js';

/** What a cluster serves changes when it is upgraded or its flags are. */
const VERSIONS_MS = 5 * 60_000;
/** Namespaces change in crowds; one look after them is enough. */
const NAMESPACES_MS = 100;

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

interface Round {
  readonly desired: DesiredCluster;
  readonly wishes: readonly PolicyWish[];
  readonly versions: AdmissionVersions;
  readonly namespaces: readonly SlimNamespace[];
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
  /** A namespace more or less could change something. */
  #mindsNamespaces = false;
  #namespacesTimer: NodeJS.Timeout | null = null;

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

  /** Asked for by hand: forgets why it waited, what the cluster serves, and what is in force. */
  lookNow(): void {
    this.#versions = null;
    this.#observed.retry();
    this.#prover.retain(new Set());
    this.wake();
  }

  namespacesChanged(): void {
    if (!this.#mindsNamespaces || this.#namespacesTimer !== null) return;
    this.#namespacesTimer = setTimeout(() => {
      this.#namespacesTimer = null;
      this.wake();
    }, NAMESPACES_MS);
    this.#namespacesTimer.unref();
  }

  belongsTo(environmentId: string, targetId: string): boolean {
    return this.#held.belongsTo(environmentId, targetId);
  }

  async #look(): Promise<Look<ImagePolicyStatus>> {
    const desired = this.#parts.desired();
    this.#mindsNamespaces = mayClash(desired);
    if (this.#held.isEmpty && !desired.policies.some(wantsAnything)) return this.#rest();
    try {
      const round = await this.#begin(desired);
      return this.#waiting(round) ?? (await this.#bring(round));
    } catch (error) {
      if (error instanceof LeaseLost) throw error;
      // The cluster did not answer what it serves: nothing new is known.
      return { statuses: this.#statuses, retryMs: problemOf(error).retryMs };
    }
  }

  #rest(): Look<ImagePolicyStatus> {
    this.#observed.stop();
    this.#prover.retain(new Set());
    return { statuses: [], retryMs: null };
  }

  async #begin(desired: DesiredCluster): Promise<Round> {
    const versions = await this.#readVersions();
    const namespaces = [...this.#parts.namespaces()];
    const { installationId } = this.#parts;
    const context = { installationId, versions, namespaces, rewritingBarred: false };
    const wishes = wishesOf(desired, context);
    this.#observed.watch(this.#kindsOf(wishes), versions);
    if (!this.#observed.isBarred(kindsOf('default-registry'))) {
      return { desired, wishes, versions, namespaces };
    }
    const without = wishesOf(desired, { ...context, rewritingBarred: true });
    return { desired, wishes: without, versions, namespaces };
  }

  /** Null when the first picture of everything that matters is there. */
  #waiting({ wishes }: Round): Look<ImagePolicyStatus> | null {
    const isBarred = this.#observed.isBarred(kindsOf('default-registry'));
    const missing = [...this.#observed.missing()].filter(
      ([kind]) => halfOf(kind) === 'whitelist' || !isBarred,
    );
    const [first] = missing;
    if (first === undefined) return null;
    const problem = missing.find(([, found]) => found !== null)?.[1] ?? null;
    // The watches tell when it is there.
    if (problem === null) return { statuses: this.#asSaid(wishes), retryMs: null };
    const { state, code, detail } = problemOf(problem);
    const verdict = { state, code, detail, provenAt: null };
    return { statuses: statusesOf(wishes, this.#held, () => verdict), retryMs: null };
  }

  /** What was last said about these very settings, also by an earlier process: nothing is news yet. */
  #asSaid(wishes: readonly PolicyWish[]): readonly ImagePolicyStatus[] {
    const hashes = new Map(wishes.map((wish) => [wish.environmentId, wish.settingsHash]));
    return statusesOf(wishes, this.#held, (environmentId, half) => {
      const said = this.#statuses.find(
        (row) => row.environmentId === environmentId && row.half === half && row.written,
      );
      if (said === undefined || said.settingsHash !== hashes.get(environmentId)) {
        return pendingVerdict;
      }
      const { state, code, detail, provenAt } = said;
      return { state, code, detail, provenAt };
    });
  }

  async #bring(round: Round): Promise<Look<ImagePolicyStatus>> {
    const { installationId } = this.#parts;
    await this.#announce(round);
    const problems = await this.#delivery.bring({ ...round, installationId });
    this.#settleHeld(round, problems);
    return await this.#prove(round, problems);
  }

  /** Writes down that something may be in the cluster, before it is. */
  async #announce({ wishes }: Round): Promise<void> {
    const news = wishes.flatMap((wish) =>
      policyHalves
        .filter((half) => isWritten(wish, half) && this.#held.add(wish.environmentId, half))
        .map((half) => ({ environmentId: wish.environmentId, half })),
    );
    if (news.length === 0) return;
    try {
      await this.#save(this.#asSaid(wishes));
    } catch (error) {
      // Not written down: whoever comes after us would not know of it.
      for (const { environmentId, half } of news) this.#held.remove(environmentId, half);
      throw error;
    }
  }

  /**
   * What is gone is not held any more; what is there goes by the targets of now, unless it could
   * not be touched.
   */
  #settleHeld({ wishes }: Round, problems: ReadonlyMap<string, PolicyProblem>): void {
    const present = [...this.#observed.all().values()].flat();
    const unseen = new Set([...this.#observed.missing().keys()].map(halfOf));
    for (const environmentId of this.#held.environments()) {
      if (problems.has(environmentId)) continue;
      const wish = wishes.find((each) => each.environmentId === environmentId);
      for (const half of policyHalves.filter((each) => !unseen.has(each))) {
        const isThere = present.some(
          (object) => object.environmentId === environmentId && halfOf(object.kind) === half,
        );
        const isWanted = wish !== undefined && isWritten(wish, half);
        if (!isThere && !isWanted) this.#held.remove(environmentId, half);
      }
      const isAsBefore = (half: PolicyHalf) =>
        this.#held.has(environmentId, half) &&
        (unseen.has(half) || wish?.hindrances[half]?.keeps === true);
      if (policyHalves.some(isAsBefore)) continue;
      const targets = wish?.targets.map(({ row }) => row.id) ?? [];
      this.#held.covers(environmentId, new Set(targets));
    }
  }

  async #prove(
    round: Round,
    problems: ReadonlyMap<string, PolicyProblem>,
  ): Promise<Look<ImagePolicyStatus>> {
    const { client } = this.#parts;
    const markOf = (name: string, half: PolicyHalf) => this.#writer.markOf(name, half);
    const waits = [...problems.values()].map(({ retryMs }) => retryMs);
    const verdicts = new Map<string, Verdict>();
    for (const wish of round.wishes) {
      if (problems.has(wish.environmentId)) continue;
      for (const half of policyHalves) {
        const claim = claimOf(wish, half, { ...round, client, markOf });
        if (claim === null) continue;
        const { verdict, retryMs } = await this.#prover.check(claim);
        verdicts.set(claim.key, verdict);
        waits.push(retryMs);
        if (verdict.code === 'policy.no-namespace') this.#mindsNamespaces = true;
      }
    }
    this.#prover.retain(new Set(verdicts.keys()));
    const statuses = statusesOf(round.wishes, this.#held, (environmentId, half) => {
      const problem = problems.get(environmentId);
      if (problem === undefined) return verdicts.get(keyOf(environmentId, half)) ?? pendingVerdict;
      const { state, code, detail } = problem;
      return { state, code, detail, provenAt: null };
    });
    return { statuses, retryMs: waits.length === 0 ? null : Math.max(10, Math.min(...waits)) };
  }

  #kindsOf(wishes: readonly PolicyWish[]): ReadonlySet<AdmissionKind> {
    const held = this.#held.halves();
    const matters = (half: PolicyHalf) =>
      held.has(half) || wishes.some((wish) => isWritten(wish, half));
    return new Set(policyHalves.filter(matters).flatMap(kindsOf));
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

function kindsOf(half: PolicyHalf): readonly AdmissionKind[] {
  return admissionKinds.filter((kind) => halfOf(kind) === half);
}
