/** What a propagation watcher has seen: who is complete since when, and what must never be seen. */
import { decodeAccount, decodeSecret, type ListedObject, type SeenSecret } from './seen-objects.js';

export interface PropagationReport {
  readonly isComplete: boolean;
  /** From `begin` to the last namespace; to the timeout when incomplete. */
  readonly durationMs: number;
  readonly latenciesMs: ReadonlyMap<string, number>;
  readonly missing: readonly string[];
}

export interface PropagationRun {
  readonly startedAt: number;
  finished(timeoutMs: number): Promise<PropagationReport>;
}

/** None of these may ever be more than zero during a rotation. */
export interface ForbiddenObservations {
  /** The Secret was deleted from a namespace. */
  readonly missing: number;
  /** Bytes that were never announced by `begin`, or no JSON. */
  readonly torn: number;
  /** Another object under the same name. */
  readonly uidChanged: number;
  /** An older announced value after a newer one. */
  readonly regressed: number;
  /** The reference vanished from the service account. */
  readonly detached: number;
  readonly examples: readonly string[];
}

const dataKey = '.dockerconfigjson';

type Fault = Exclude<keyof ForbiddenObservations, 'examples'>;

export class Ledger {
  readonly #secrets = new Map<string, SeenSecret>();
  readonly #attached = new Set<string>();
  /** Announced values with their order, for telling older from newer. */
  readonly #announced = new Map<string, number>();
  #announcements = 0;
  #expected: string | undefined;
  #completed = new Map<string, number>();
  #counts = { missing: 0, torn: 0, uidChanged: 0, regressed: 0, detached: 0 };
  #examples: string[] = [];
  #waiting = new Set<() => void>();
  #failure: unknown;

  constructor(
    readonly secretName: string,
    readonly isSecretsOnly: boolean,
  ) {}

  announce(value: string): void {
    this.#announcements += 1;
    this.#announced.set(value, this.#announcements);
  }

  begin(expected: string, namespaces: readonly string[]): PropagationRun {
    const startedAt = performance.now();
    this.announce(expected);
    this.#expected = expected;
    this.#completed = new Map();
    for (const namespace of this.#secrets.keys()) this.#settle(namespace, startedAt);
    return { startedAt, finished: (timeoutMs) => this.#finish(namespaces, startedAt, timeoutMs) };
  }

  completedAt(namespace: string): number | undefined {
    return this.#completed.get(namespace);
  }

  async waitForNamespace(namespace: string, timeoutMs: number): Promise<number> {
    await this.#until(() => this.#completed.has(namespace), timeoutMs);
    const at = this.#completed.get(namespace);
    if (at === undefined)
      throw new Error(`namespace ${namespace} is not complete after ${timeoutMs} ms`);
    return at;
  }

  forbidden(): ForbiddenObservations {
    return { ...this.#counts, examples: this.#examples };
  }

  resetForbidden(): void {
    this.#counts = { missing: 0, torn: 0, uidChanged: 0, regressed: 0, detached: 0 };
    this.#examples = [];
  }

  fail(error: unknown): void {
    this.#failure = error;
    this.#wake();
  }

  seeSecret(event: string, object: ListedObject): void {
    const seen = decodeSecret(object, dataKey);
    const before = this.#secrets.get(seen.namespace);
    if (event === 'LISTED' && !this.#announced.has(seen.value)) this.announce(seen.value);
    if (event === 'DELETED') {
      this.#secrets.delete(seen.namespace);
      this.#count('missing', seen.namespace);
      return;
    }
    this.#secrets.set(seen.namespace, seen);
    this.#judge(seen, before);
    this.#settle(seen.namespace, performance.now());
  }

  seeAccount(event: string, object: ListedObject): void {
    const { namespace, secretNames } = decodeAccount(object);
    const isAttached = event !== 'DELETED' && secretNames.includes(this.secretName);
    if (isAttached) this.#attached.add(namespace);
    else if (this.#attached.delete(namespace)) this.#count('detached', namespace);
    this.#settle(namespace, performance.now());
  }

  #judge(seen: SeenSecret, before: SeenSecret | undefined): void {
    const order = this.#announced.get(seen.value);
    if (order === undefined || !seen.isJson) this.#count('torn', seen.namespace);
    if (before === undefined) return;
    if (before.uid !== seen.uid) this.#count('uidChanged', seen.namespace);
    const older = this.#announced.get(before.value);
    if (order !== undefined && older !== undefined && order < older)
      this.#count('regressed', seen.namespace);
  }

  #settle(namespace: string, at: number): void {
    if (this.#completed.has(namespace)) return;
    const hasValue = this.#secrets.get(namespace)?.value === this.#expected;
    if (!hasValue || !(this.isSecretsOnly || this.#attached.has(namespace))) return;
    this.#completed.set(namespace, at);
    this.#wake();
  }

  #count(what: Fault, namespace: string): void {
    this.#counts[what] += 1;
    // A few are enough to see the pattern.
    if (this.#examples.length < 20) this.#examples.push(`${what} in ${namespace}`);
  }

  async #finish(
    namespaces: readonly string[],
    startedAt: number,
    timeoutMs: number,
  ): Promise<PropagationReport> {
    let done = 0;
    const isComplete = await this.#until(() => {
      while (done < namespaces.length && this.#completed.has(namespaces[done] ?? '')) done += 1;
      return done === namespaces.length;
    }, timeoutMs);
    const latenciesMs = new Map<string, number>();
    for (const namespace of namespaces) {
      const at = this.#completed.get(namespace);
      if (at !== undefined) latenciesMs.set(namespace, at - startedAt);
    }
    const last = Math.max(0, ...latenciesMs.values());
    const durationMs = isComplete ? last : performance.now() - startedAt;
    return {
      isComplete,
      durationMs,
      latenciesMs,
      missing: namespaces.filter((name) => !latenciesMs.has(name)),
    };
  }

  /** True when it held in time. A broken watch is an error: what it missed nobody knows. */
  async #until(holds: () => boolean, timeoutMs: number): Promise<boolean> {
    const deadline = performance.now() + timeoutMs;
    while (!holds()) {
      if (this.#failure !== undefined)
        throw new Error('the watcher lost its watch', { cause: this.#failure });
      const left = deadline - performance.now();
      if (left <= 0) return false;
      await this.#nextWake(left);
    }
    return true;
  }

  #nextWake(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, timeoutMs);
      this.#waiting.add(wake);
    });
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}
