/**
 * The few CEL expressions by which our policies select namespaces (packages/core,
 * image-policy/cel-text.ts):
 *
 *   condition := term *( "&&" term ) | term *( "||" term )
 *   term      := "true" | "false" | "!(" condition ")" | "(" condition ")"
 *              | "request.namespace.matches(r'" RE2 "')"
 *              | "namespaceObject.metadata.?labels[?" string "] == optional.of(" string ")"
 *
 * Everything else is CEL that nobody here acts on: not a condition.
 */
export interface SelectedNamespace {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

export type Condition = (namespace: SelectedNamespace) => boolean;

/** Null when the expression is of another kind. */
export function parseCondition(expression: string): Condition | null {
  const reader = new ConditionReader(expression);
  const condition = reader.condition();
  return reader.isAtEnd ? condition : null;
}

const matches = /^request\.namespace\.matches\(r'([^']*)'\)/;
const labelled =
  /^namespaceObject\.metadata\.\?labels\[\?("(?:[^"\\]|\\.)*")\] == optional\.of\(("(?:[^"\\]|\\.)*")\)/;

class ConditionReader {
  #rest: string;

  constructor(text: string) {
    this.#rest = text;
  }

  get isAtEnd(): boolean {
    return this.#rest === '';
  }

  condition(): Condition | null {
    const first = this.#term();
    if (first === null) return null;
    const terms = [first];
    const operator = [' && ', ' || '].find((each) => this.#rest.startsWith(each));
    while (operator !== undefined && this.#take(operator)) {
      const next = this.#term();
      if (next === null) return null;
      terms.push(next);
    }
    return operator === ' || '
      ? (namespace) => terms.some((term) => term(namespace))
      : (namespace) => terms.every((term) => term(namespace));
  }

  #term(): Condition | null {
    if (this.#take('true')) return () => true;
    if (this.#take('false')) return () => false;
    const isNegated = this.#take('!');
    if (this.#take('(')) {
      const inner = this.condition();
      if (inner === null || !this.#take(')')) return null;
      return isNegated ? (namespace) => !inner(namespace) : inner;
    }
    return isNegated ? null : this.#comparison();
  }

  #comparison(): Condition | null {
    const name = this.#match(matches);
    if (name !== null) {
      // RE2 as JavaScript reads it: these patterns have only what both know.
      const pattern = new RegExp(name[1] ?? '');
      return (namespace) => pattern.test(namespace.name);
    }
    const label = this.#match(labelled);
    if (label === null) return null;
    const [key, value] = [JSON.parse(label[1] ?? '""'), JSON.parse(label[2] ?? '""')] as const;
    return ({ labels }) => Object.hasOwn(labels, key) && labels[key] === value;
  }

  #take(text: string): boolean {
    if (!this.#rest.startsWith(text)) return false;
    this.#rest = this.#rest.slice(text.length);
    return true;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    const found = pattern.exec(this.#rest);
    if (found !== null) this.#rest = this.#rest.slice(found[0].length);
    return found;
  }
}
