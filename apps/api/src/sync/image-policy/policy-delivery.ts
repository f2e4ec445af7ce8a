/** Brings every policy of a cluster to what is wanted, one environment's trouble apart from another's. */
import { setTimeout } from 'node:timers/promises';
import { admissionPolicyName, type ImagePolicy, type PolicyHalf, widenFor } from '@moorage/core';
import type { AdmissionVersions } from '../../clusters/admission-resources.js';
import type { DesiredCluster } from '../desired-cluster.js';
import { LeaseLost } from '../lease.js';
import type { WriteBudget } from '../write-budget.js';
import type { ObservedPolicies } from './observed-policies.js';
import { type PolicyProblem, problemOf } from './policy-outcome.js';
import { compileFor, type PolicyWish } from './policy-wishes.js';
import { type PolicyWriter, SETTLE_MS, type WriteTask } from './policy-writer.js';

export interface PolicyDeliveryParts {
  readonly writer: PolicyWriter;
  readonly observed: ObservedPolicies;
  readonly budget: WriteBudget;
  readonly signal: AbortSignal;
}

export interface DeliveryRound {
  readonly desired: DesiredCluster;
  readonly wishes: readonly PolicyWish[];
  readonly versions: AdmissionVersions;
  readonly installationId: string;
}

type Task = Pick<WriteTask, 'name' | 'wanted' | 'kept'>;

const NOTHING: ReadonlySet<PolicyHalf> = new Set();
const LIST: ReadonlySet<PolicyHalf> = new Set(['whitelist']);
const REWRITE: ReadonlySet<PolicyHalf> = new Set(['default-registry']);

export class PolicyDelivery {
  readonly #parts: PolicyDeliveryParts;
  /** By name, what this process has last brought there. */
  readonly #brought = new Map<string, ImagePolicy>();

  constructor(parts: PolicyDeliveryParts) {
    this.#parts = parts;
  }

  /** What is in the way, by environment. */
  async bring(round: DeliveryRound): Promise<ReadonlyMap<string, PolicyProblem>> {
    const problems = new Map<string, PolicyProblem>();
    const named = new Map(round.wishes.map((wish) => [nameOf(wish, round.installationId), wish]));
    const stale = this.#parts.observed.all();
    for (const [name, objects] of stale) {
      if (named.has(name)) continue;
      const task = { name, wanted: null, kept: NOTHING };
      const problem = await this.#try(round, task, () => this.#write(round, task));
      for (const { environmentId } of objects) {
        if (problem !== null && environmentId !== null) problems.set(environmentId, problem);
      }
    }
    // Side by side: one that has to wait for its cluster to follow keeps no other waiting.
    const deliver = async ([name, wish]: readonly [string, PolicyWish]) => {
      const task = { name, wanted: wish.compiled, kept: keptOf(wish) };
      const problem = await this.#try(round, task, () => this.#deliver(round, wish, task));
      if (problem !== null) problems.set(wish.environmentId, problem);
      else if (wish.policy !== null) this.#brought.set(name, wish.policy);
    };
    await Promise.all([...named].map(deliver));
    return problems;
  }

  async #try(
    { desired }: DeliveryRound,
    task: Task,
    work: () => Promise<void>,
  ): Promise<PolicyProblem | null> {
    if (this.#parts.writer.plan(task).every(({ action }) => action === 'settle')) return null;
    const waitMs = this.#parts.budget.take(task.name, desired);
    if (waitMs !== null) return { ...CONTESTED, retryMs: waitMs };
    try {
      await work();
      return null;
    } catch (error) {
      if (error instanceof LeaseLost) throw error;
      return problemOf(error);
    }
  }

  async #deliver(round: DeliveryRound, wish: PolicyWish, task: Task): Promise<void> {
    if (this.#isExchange(task)) await this.#exchange(round, wish, task);
    await this.#write(round, task);
  }

  /** Another default registry while a list judges: the list is widened until names have changed. */
  async #exchange(round: DeliveryRound, wish: PolicyWish, task: Task): Promise<void> {
    const before = this.#brought.get(task.name);
    if (wish.policy === null || before === undefined) return;
    const { versions, installationId } = round;
    const wide = compileFor(widenFor(wish.policy, before), { ...wish, versions, installationId });
    await this.#write(round, { ...task, wanted: wide, kept: REWRITE });
    await this.#settle();
    await this.#write(round, { ...task, kept: LIST });
    await this.#settle();
  }

  #isExchange(task: Task): boolean {
    const { writer, observed } = this.#parts;
    const judges = (observed.all().get(task.name) ?? []).some(
      ({ kind }) => kind === 'ValidatingAdmissionPolicyBinding',
    );
    return (
      judges &&
      task.wanted?.whitelist != null &&
      writer
        .plan(task)
        .some((step) => step.action === 'replace' && step.object.kind === 'MutatingAdmissionPolicy')
    );
  }

  #write({ versions }: DeliveryRound, task: Task): Promise<void> {
    return this.#parts.writer.bring({ ...task, versions, settle: () => this.#settle() });
  }

  /** Ends early when we are stopping. */
  async #settle(): Promise<void> {
    const { signal } = this.#parts;
    await setTimeout(SETTLE_MS, undefined, { ref: false, signal }).catch(() => undefined);
  }
}

const CONTESTED = {
  state: 'pending',
  code: 'sync.contested',
  detail:
    'Something else in the cluster keeps undoing our changes of the policy; we give way for a while.',
} as const;

function nameOf({ environmentId, environmentName }: PolicyWish, installationId: string): string {
  return admissionPolicyName({
    installationId,
    environment: { id: environmentId, name: environmentName },
  });
}

function keptOf({ hindrances }: PolicyWish): ReadonlySet<PolicyHalf> {
  const halves: readonly PolicyHalf[] = ['whitelist', 'default-registry'];
  return new Set(halves.filter((half) => hindrances[half]?.keeps === true));
}
