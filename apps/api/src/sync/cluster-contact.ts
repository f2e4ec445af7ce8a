/**
 * Whether a cluster answers, as its watches see it: written down when that changes, and once a
 * minute while all is well, so that "last contact" stays true.
 */
import {
  describeClusterError,
  type KubeClient,
  type KubeError,
  resourcePath,
  type VersionInfo,
  type WatchState,
} from '@moorage/kube';
import type { ClusterContact } from './sync-model.js';

const REPEAT_MS = 60_000;
/** What the database did not take is offered again after this. */
const RETRY_MS = 2_000;

export interface ClusterContactParts {
  readonly client: KubeClient;
  /** `isNews`: consoles are to look again. */
  readonly save: (contact: ClusterContact, isNews: boolean) => Promise<void>;
  readonly signal: AbortSignal;
}

export class ContactLog {
  readonly #parts: ClusterContactParts;
  /** Why a watch is not running, by its name; absent before its first word. */
  readonly #errors = new Map<string, KubeError | null>();
  #version: string | null = null;
  #saved = '';
  #retry: NodeJS.Timeout | null = null;
  #last: Promise<void> = Promise.resolve();

  constructor(parts: ClusterContactParts) {
    this.#parts = parts;
    const timer = setInterval(() => this.#repeat(), REPEAT_MS);
    timer.unref();
    const stop = () => {
      clearInterval(timer);
      if (this.#retry !== null) clearTimeout(this.#retry);
    };
    parts.signal.addEventListener('abort', stop, { once: true });
  }

  /** News of one watch. */
  note(watch: string, state: WatchState, error: KubeError | null): void {
    if (state !== 'watching' && (state !== 'retrying' || error === null)) return;
    this.#errors.set(watch, state === 'watching' ? null : error);
    this.#enqueue(false);
  }

  #repeat(): void {
    if ([...this.#errors.values()].every((error) => error === null)) this.#enqueue(true);
  }

  #enqueue(always: boolean): void {
    // In order, so that an older state never overwrites a newer one.
    this.#last = this.#last
      .then(() => this.#save(always))
      .catch(() => {
        this.#saved = '';
        this.#retryLater();
      });
  }

  #retryLater(): void {
    if (this.#parts.signal.aborted) return;
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#enqueue(false), RETRY_MS);
    this.#retry.unref();
  }

  async #save(always: boolean): Promise<void> {
    if (this.#errors.size === 0 || this.#parts.signal.aborted) return;
    const error = [...this.#errors.values()].find((found) => found !== null) ?? null;
    // A cluster that says no is one that answers.
    const reachable = error === null || (error.status !== null && error.reason !== 'Unauthorized');
    if (error === null) this.#version ??= await this.#askVersion();
    const described = error === null ? null : describeClusterError(error);
    const contact = {
      reachable,
      error: described === null ? null : { code: described.code, detail: described.detail },
      kubernetesVersion: this.#version,
    };
    const text = JSON.stringify(contact);
    if (text === this.#saved && !always) return;
    await this.#parts.save(contact, text !== this.#saved);
    this.#saved = text;
  }

  async #askVersion(): Promise<string | null> {
    const version = await this.#parts.client
      .get<VersionInfo>(resourcePath.version())
      .catch(() => null);
    return version?.gitVersion ?? null;
  }
}
