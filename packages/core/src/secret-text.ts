/**
 * A secret on its way through the program. Every usual way of turning a value into text
 * (template literal, `String()`, `JSON.stringify`, the inspector behind `console.log`) prints a
 * placeholder; `reveal()` is the only way out, and the word to search for in a review.
 *
 * Does not handle: wiping memory. JavaScript strings are immutable and collected at leisure.
 */
const placeholder = '[redacted]';

export class SecretText {
  // A real private field, not a TypeScript `private`: it is invisible to spread, Object.keys,
  // structuredClone and to loggers that walk properties.
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  static of(text: string): SecretText {
    return new SecretText(text);
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return placeholder;
  }

  toJSON(): string {
    return placeholder;
  }

  [Symbol.toPrimitive](): string {
    return placeholder;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return placeholder;
  }
}
