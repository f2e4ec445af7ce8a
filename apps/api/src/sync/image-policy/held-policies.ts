/** What we know to have in a cluster, or to have begun to write there: it outlives this process. */
import type { PolicyHalf } from '@moorage/core';
import type { ImagePolicyStatus } from '../sync-model.js';

interface Held {
  readonly halves: Set<PolicyHalf>;
  /** Targets whose namespaces it covers; null = written before this process began. */
  targets: ReadonlySet<string> | null;
}

export class HeldPolicies {
  readonly #held = new Map<string, Held>();

  restore(rows: readonly ImagePolicyStatus[]): void {
    for (const { environmentId, half, written } of rows) if (written) this.add(environmentId, half);
  }

  get isEmpty(): boolean {
    return this.#held.size === 0;
  }

  environments(): readonly string[] {
    return [...this.#held.keys()];
  }

  halves(): ReadonlySet<PolicyHalf> {
    return new Set([...this.#held.values()].flatMap(({ halves }) => [...halves]));
  }

  has(environmentId: string, half: PolicyHalf): boolean {
    return this.#held.get(environmentId)?.halves.has(half) === true;
  }

  /** True when that is news, which has to be written down before the cluster is written to. */
  add(environmentId: string, half: PolicyHalf): boolean {
    const held = this.#held.get(environmentId) ?? { halves: new Set(), targets: null };
    this.#held.set(environmentId, held);
    if (held.halves.has(half)) return false;
    held.halves.add(half);
    return true;
  }

  remove(environmentId: string, half: PolicyHalf): void {
    const held = this.#held.get(environmentId);
    held?.halves.delete(half);
    if (held?.halves.size === 0) this.#held.delete(environmentId);
  }

  covers(environmentId: string, targets: ReadonlySet<string>): void {
    const held = this.#held.get(environmentId);
    if (held !== undefined) held.targets = targets;
  }

  /** Whether something in the cluster still goes by that target. */
  belongsTo(environmentId: string, targetId: string): boolean {
    const held = this.#held.get(environmentId);
    return held !== undefined && (held.targets === null || held.targets.has(targetId));
  }
}
