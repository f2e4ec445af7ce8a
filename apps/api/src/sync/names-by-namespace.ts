/** Names of objects per namespace. Nearly always one, so nothing heavier than an array is kept. */
const NONE: readonly string[] = [];

export class NamesByNamespace {
  readonly #names = new Map<string, string[]>();

  in(namespace: string): readonly string[] {
    return this.#names.get(namespace) ?? NONE;
  }

  add(namespace: string, name: string): void {
    const names = this.#names.get(namespace);
    if (names === undefined) this.#names.set(namespace, [name]);
    else if (!names.includes(name)) names.push(name);
  }

  remove(namespace: string, name: string): void {
    const left = this.#names.get(namespace)?.filter((other) => other !== name) ?? [];
    if (left.length === 0) this.#names.delete(namespace);
    else this.#names.set(namespace, left);
  }
}
