/**
 * What is said about each target in each namespace, kept in memory and written behind in batches:
 * only what differs from what the database has, at most four times a second.
 */
import type { Reason, Verdict } from '@moorage/core';
import { LeaseLost } from './lease.js';
import type { NamespaceRow } from './sync-model.js';

/** Consoles show progress; four pictures a second look alive, and 2,000 rows stay one statement. */
const FLUSH_MS = 250;

export interface ProgressBatch {
  readonly rows: readonly NamespaceRow[];
  readonly removed: readonly { readonly targetId: string; readonly namespace: string }[];
  readonly targets: ReadonlySet<string>;
}

type Recorded = Verdict & { readonly contentHash: string | null };

export class ProgressLog {
  readonly #recorded = new Map<string, Map<string, Recorded>>();
  readonly #dirty = new Map<string, Set<string>>();
  #timer: NodeJS.Timeout | null = null;
  #flushing: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(private readonly save: (batch: ProgressBatch) => Promise<void>) {}

  restore(rows: readonly NamespaceRow[]): void {
    for (const { targetId, namespace, ...recorded } of rows)
      this.#of(targetId).set(namespace, recorded);
  }

  attachedName(targetId: string, namespace: string): string | null {
    return this.#recorded.get(targetId)?.get(namespace)?.attachedName ?? null;
  }

  namespacesOf(targetId: string): readonly string[] {
    return [...(this.#recorded.get(targetId)?.keys() ?? [])];
  }

  /** Every namespace about which something is said. */
  namespaces(): ReadonlySet<string> {
    return new Set([...this.#recorded.values()].flatMap((byNamespace) => [...byNamespace.keys()]));
  }

  /** Null = nothing is to be said any more. True when that is news. */
  record(targetId: string, namespace: string, next: Recorded | null): boolean {
    const of = this.#of(targetId);
    const before = of.get(namespace);
    if (next === null ? before === undefined : before !== undefined && isSame(before, next)) {
      return false;
    }
    if (next === null) of.delete(namespace);
    else of.set(namespace, next);
    const dirty = this.#dirty.get(targetId) ?? new Set<string>();
    this.#dirty.set(targetId, dirty.add(namespace));
    this.#schedule();
    return true;
  }

  /** Adds to what still waits why it does. */
  explain(targetId: string, namespace: string, { code, detail }: Reason): void {
    const before = this.#recorded.get(targetId)?.get(namespace);
    if (before?.state === 'pending') this.record(targetId, namespace, { ...before, code, detail });
  }

  forgetTarget(targetId: string): void {
    this.#recorded.delete(targetId);
    this.#dirty.delete(targetId);
  }

  /** Writes what there is, after what is being written. Throws nothing: what fails stays to be written. */
  flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#flushing = this.#flushing.then(() => this.#flushOnce());
    return this.#flushing;
  }

  close(): void {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #of(targetId: string): Map<string, Recorded> {
    const known = this.#recorded.get(targetId);
    if (known !== undefined) return known;
    const fresh = new Map<string, Recorded>();
    this.#recorded.set(targetId, fresh);
    return fresh;
  }

  #schedule(): void {
    if (this.#timer !== null || this.#closed) return;
    this.#timer = setTimeout(() => void this.flush(), FLUSH_MS);
  }

  async #flushOnce(): Promise<void> {
    if (this.#dirty.size === 0) return;
    const taken = new Map(this.#dirty);
    this.#dirty.clear();
    try {
      await this.save(this.#batchOf(taken));
    } catch (error) {
      // Somebody else writes about this cluster now.
      if (error instanceof LeaseLost) return;
      // The database does not answer: the same rows again, with what has changed meanwhile.
      for (const [targetId, namespaces] of taken) {
        if (!this.#recorded.has(targetId)) continue;
        const dirty = this.#dirty.get(targetId) ?? new Set<string>();
        this.#dirty.set(targetId, new Set([...dirty, ...namespaces]));
      }
      this.#schedule();
    }
  }

  #batchOf(taken: ReadonlyMap<string, ReadonlySet<string>>): ProgressBatch {
    const rows: NamespaceRow[] = [];
    const removed: { targetId: string; namespace: string }[] = [];
    for (const [targetId, namespaces] of taken) {
      for (const namespace of namespaces) {
        const recorded = this.#recorded.get(targetId)?.get(namespace);
        if (recorded === undefined) removed.push({ targetId, namespace });
        else rows.push({ targetId, namespace, ...recorded });
      }
    }
    return { rows, removed, targets: new Set(taken.keys()) };
  }
}

function isSame(a: Recorded, b: Recorded): boolean {
  return (
    a === b ||
    (a.state === b.state &&
      a.code === b.code &&
      a.detail === b.detail &&
      a.attachedName === b.attachedName &&
      a.contentHash === b.contentHash)
  );
}
