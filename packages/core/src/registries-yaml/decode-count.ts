/**
 * Counts the values that are decoded, so that a small document whose aliases unfold into a huge one is
 * refused: the larger the result, the smaller the part of it that may come from aliases.
 *
 * Source: gopkg.in/yaml.v2 v2.4.0 `decode.go` (`allowedAliasRatio`), figures included.
 */
import type { YamlAlias } from './yaml-tree.js';

const lowCount = 400_000;
const highCount = 4_000_000;

export class DecodeCount {
  readonly #active = new Set<YamlAlias>();
  #decoded = 0;
  #aliased = 0;

  /** False when too much of the document comes from aliases. */
  add(): boolean {
    this.#decoded += 1;
    if (this.#active.size > 0) {
      this.#aliased += 1;
    }
    const isSmall = this.#aliased <= 100 || this.#decoded <= 1000;
    return isSmall || this.#aliased / this.#decoded <= allowedRatio(this.#decoded);
  }

  /** False when the alias is being followed already: it holds itself. */
  enter(alias: YamlAlias): boolean {
    const isNew = !this.#active.has(alias);
    this.#active.add(alias);
    return isNew;
  }

  leave(alias: YamlAlias): void {
    this.#active.delete(alias);
  }
}

function allowedRatio(decoded: number): number {
  if (decoded <= lowCount) {
    return 0.99;
  }
  return decoded >= highCount ? 0.1 : 0.99 - 0.89 * ((decoded - lowCount) / (highCount - lowCount));
}
