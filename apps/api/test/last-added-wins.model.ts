/** What "the last one added wins" means, in the fewest words: the model that the API is held against. */
export interface ModelCredential {
  readonly name: string;
  readonly scope: string;
  enabled: boolean;
}
export interface ModelRegistry {
  enabled: boolean;
  /** in the order of addition */
  readonly stack: ModelCredential[];
}

export class LastAddedWins {
  readonly registries = new Map<string, ModelRegistry>();

  addRegistry(address: string): void {
    this.registries.set(address, { enabled: true, stack: [] });
  }
  deleteRegistry(address: string): void {
    this.registries.delete(address);
  }
  setRegistry(address: string, enabled: boolean): void {
    const registry = this.registries.get(address);
    if (registry !== undefined) registry.enabled = enabled;
  }
  add(address: string, scope: string, name: string): void {
    this.registries.get(address)?.stack.push({ name, scope, enabled: true });
  }
  set(address: string, name: string, enabled: boolean): void {
    for (const credential of this.registries.get(address)?.stack ?? [])
      if (credential.name === name) credential.enabled = enabled;
  }
  delete(address: string, name: string): void {
    const stack = this.registries.get(address)?.stack ?? [];
    const index = stack.findIndex((credential) => credential.name === name);
    if (index >= 0) stack.splice(index, 1);
  }

  /** `address/scope name` of what serves, sorted. */
  effective(): string[] {
    const serving = new Map<string, string>();
    for (const [address, registry] of this.registries) {
      if (!registry.enabled) continue;
      for (const { name, scope, enabled } of registry.stack)
        if (enabled) serving.set(`${address}/${scope}`, name);
    }
    return [...serving].map(([place, name]) => `${place} ${name}`).sort();
  }
}
