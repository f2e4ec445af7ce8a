/**
 * Places that may turn out to be keys, one for each level of brackets. A key stands on one line and has
 * at most 1024 characters.
 *
 * Source: YAML 1.1 section 7.5.3 as in gopkg.in/yaml.v2 v2.4.0 `scannerc.go` (`simple_key`), with its
 * one oddity: empty brackets forget that they may be a key, so that `{}: x` is `{}` and a rest.
 */
import type { Mark, TextCursor } from './text-cursor.js';
import { YamlFault } from './token.js';

export interface SimpleKey {
  /** Number of its first token. */
  readonly token: number;
  readonly mark: Mark;
  /** At the indentation of its block nothing but a key may stand. */
  readonly isRequired: boolean;
  readonly isPossible: boolean;
}

const maxKeyLength = 1024;

export class SimpleKeys {
  readonly #levels: SimpleKey[];
  readonly #byToken = new Map<number, number>();

  constructor(readonly cursor: TextCursor) {
    this.#levels = [this.#none(0)];
  }

  /** Brackets that are open. */
  get depth(): number {
    return this.#levels.length - 1;
  }

  /** Goes into brackets, whose token has this number. */
  enter(token: number): void {
    this.#levels.push(this.#none(token));
  }

  leave(): void {
    const key = this.depth > 0 ? this.#levels.pop() : undefined;
    if (key !== undefined) {
      this.#byToken.delete(key.token);
    }
  }

  save(token: number, isRequired: boolean): void {
    this.drop();
    this.#levels[this.depth] = { token, mark: this.cursor.mark(), isRequired, isPossible: true };
    this.#byToken.set(token, this.depth);
  }

  /** Gives up the possible key of this level. */
  drop(): void {
    const key = this.#levels[this.depth];
    if (key?.isPossible) {
      if (key.isRequired) {
        throw new YamlFault('longKey', key.mark);
      }
      this.#forget(key);
    }
  }

  /** The possible key of this level, which a colon has made one. */
  take(): SimpleKey | null {
    const key = this.#current(this.depth);
    if (key !== null) {
      this.#forget(key);
    }
    return key;
  }

  /** Whether the token with this number may still become a key. */
  mayStartAt(token: number): boolean {
    const level = this.#byToken.get(token);
    return level !== undefined && this.#current(level) !== null;
  }

  #none(token: number): SimpleKey {
    return { token, mark: this.cursor.mark(), isRequired: false, isPossible: false };
  }

  #current(level: number): SimpleKey | null {
    const key = this.#levels[level];
    if (!key?.isPossible) {
      return null;
    }
    const isOver =
      key.mark.line < this.cursor.line || key.mark.index + maxKeyLength < this.cursor.index;
    if (isOver && key.isRequired) {
      throw new YamlFault('longKey', key.mark);
    }
    if (isOver) {
      this.#levels[level] = { ...key, isPossible: false };
    }
    return isOver ? null : key;
  }

  #forget(key: SimpleKey): void {
    this.#byToken.delete(key.token);
    this.#levels[this.depth] = { ...key, isPossible: false };
  }
}
