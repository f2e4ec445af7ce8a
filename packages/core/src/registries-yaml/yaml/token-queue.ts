/**
 * Tokens between the scanner and the parser, numbered from the start of the text: a key is recognised
 * late and gets its token inserted before tokens that are waiting.
 */
import type { Token } from './token.js';

export class TokenQueue {
  #tokens: Token[] = [];
  #head = 0;
  #taken = 0;

  /** Number of the first waiting token. */
  get taken(): number {
    return this.#taken;
  }

  /** Number that the next token added will have. */
  get next(): number {
    return this.#taken + this.#tokens.length - this.#head;
  }

  first(): Token | undefined {
    return this.#tokens[this.#head];
  }

  last(): Token | undefined {
    return this.#tokens.at(-1);
  }

  add(token: Token): void {
    this.#tokens.push(token);
  }

  insert(number: number, token: Token): void {
    // Before a token that is gone already: behind all that wait, as go-yaml does.
    const at = number < this.#taken ? this.#tokens.length : this.#head + number - this.#taken;
    this.#tokens.splice(at, 0, token);
  }

  take(): void {
    this.#head += 1;
    this.#taken += 1;
    // What has been taken is let go from time to time, not at each token.
    if (this.#head > 1000 && this.#head * 2 > this.#tokens.length) {
      this.#tokens = this.#tokens.slice(this.#head);
      this.#head = 0;
    }
  }
}
