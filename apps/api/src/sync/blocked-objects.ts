/** Objects whose change the cluster refused for good, per namespace, with the reason. */
import type { Reason } from '@moorage/core';

const NONE: ReadonlyMap<string, Reason> = new Map();

export class BlockedObjects {
  readonly #byNamespace = new Map<string, Map<string, Reason>>();

  in(namespace: string): ReadonlyMap<string, Reason> {
    return this.#byNamespace.get(namespace) ?? NONE;
  }

  /** `object` as the plan names it: `secret/<name>` or `service-account/<name>`. */
  add(namespace: string, object: string, reason: Reason): void {
    const blocked = this.#byNamespace.get(namespace) ?? new Map<string, Reason>();
    this.#byNamespace.set(namespace, blocked.set(object, reason));
  }

  forget(namespace: string): void {
    this.#byNamespace.delete(namespace);
  }

  clear(): void {
    this.#byNamespace.clear();
  }
}
