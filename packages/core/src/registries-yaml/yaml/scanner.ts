/**
 * Splits a YAML text into tokens, among them the starts and ends of blocks, which stand for changes of
 * indentation.
 *
 * A simple key (one that no `?` announces) is known as such only at its colon. Until then its place in
 * the queue of tokens is remembered, one for each level of brackets, and tokens are handed out only when
 * none of them can still become a key.
 *
 * Source: gopkg.in/yaml.v2 v2.4.0 `scannerc.go`, which follows libyaml; YAML 1.1 with its own leniency.
 *
 * Does not handle: what follows from tokens; the parser does.
 */
import { scanBlockScalar } from './scan-block-scalar.js';
import { scanPlain } from './scan-plain.js';
import { scanDirective, scanName, scanTag } from './scan-property.js';
import { scanQuoted } from './scan-quoted.js';
import { SimpleKeys } from './simple-keys.js';
import { end, isBlank, isBlankOrEnd, isBreak, type Mark, TextCursor } from './text-cursor.js';
import { type BareTokenKind, type Token, YamlFault } from './token.js';
import { TokenQueue } from './token-queue.js';

// go-yaml's own bound on brackets in brackets and blocks in blocks.
const maxDepth = 10_000;

const opening = { '[': 'flow-sequence-start', '{': 'flow-mapping-start' } as const;
const closing = { ']': 'flow-sequence-end', '}': 'flow-mapping-end' } as const;

export class Scanner {
  readonly #cursor: TextCursor;
  readonly #queue = new TokenQueue();
  readonly #keys: SimpleKeys;
  readonly #indents: number[] = [];
  #indent = -1;
  #isKeyAllowed = true;

  constructor(text: string) {
    this.#cursor = new TextCursor(text);
    this.#keys = new SimpleKeys(this.#cursor);
  }

  /** The next token; it stays until it is skipped. */
  peek(): Token {
    for (;;) {
      const first = this.#queue.first();
      if (first !== undefined && !this.#keys.mayStartAt(this.#queue.taken)) {
        return first;
      }
      this.#fetch();
    }
  }

  skip(): void {
    this.#queue.take();
  }

  get #isFlow(): boolean {
    return this.#keys.depth > 0;
  }

  #fetch(): void {
    const cursor = this.#cursor;
    this.#skipToToken();
    this.#unroll(cursor.column);
    const char = cursor.char();
    if (char === end) {
      this.#fetchEnd();
    } else if (cursor.column === 0 && char === '%') {
      this.#leaveBlocks();
      this.#queue.add(scanDirective(cursor));
    } else if (cursor.isAtDocumentMark()) {
      this.#leaveBlocks();
      this.#addBare(char === '-' ? 'document-start' : 'document-end', 3);
    } else {
      this.#fetchContent(char);
    }
  }

  #fetchContent(char: string): void {
    const isIndicator = isBlankOrEnd(this.#cursor.char(1));
    if (char === '[' || char === '{') {
      this.#openBrackets(char);
    } else if (char === ']' || char === '}') {
      this.#keys.drop();
      this.#keys.leave();
      this.#isKeyAllowed = false;
      this.#addBare(closing[char]);
    } else if (char === ',') {
      this.#keys.drop();
      this.#isKeyAllowed = true;
      this.#addBare('flow-entry');
    } else if (char === '-' && isIndicator) {
      this.#startEntry('block-sequence-start', 'entry');
      this.#isKeyAllowed = true;
      this.#addBare('block-entry');
    } else if (char === '?' && (this.#isFlow || isIndicator)) {
      this.#startEntry('block-mapping-start', 'nestedKey');
      this.#isKeyAllowed = !this.#isFlow;
      this.#addBare('key');
    } else if (char === ':' && (this.#isFlow || isIndicator)) {
      this.#fetchValue();
    } else {
      this.#fetchNode(char);
    }
  }

  #fetchNode(char: string): void {
    const cursor = this.#cursor;
    if ((char === '|' || char === '>') && !this.#isFlow) {
      this.#keys.drop();
      this.#isKeyAllowed = true;
      const style = char === '|' ? 'literal' : 'folded';
      this.#queue.add(scanBlockScalar(cursor, style, this.#indent));
      return;
    }
    if (!/^[*&!'"]$/.test(char) && !this.#mayBePlain(char)) {
      throw new YamlFault(char === '\t' ? 'tab' : 'start', cursor.mark());
    }
    this.#saveKey();
    this.#isKeyAllowed = false;
    this.#queue.add(this.#scanNode(char));
  }

  #scanNode(char: string): Token {
    const cursor = this.#cursor;
    switch (char) {
      case '*':
        return scanName(cursor, 'alias');
      case '&':
        return scanName(cursor, 'anchor');
      case '!':
        return scanTag(cursor);
      case "'":
        return scanQuoted(cursor, 'single');
      case '"':
        return scanQuoted(cursor, 'double');
      default: {
        const context = { isFlow: this.#isFlow, indent: this.#indent };
        const { token, endsLine } = scanPlain(cursor, context);
        this.#isKeyAllowed = endsLine;
        return token;
      }
    }
  }

  #mayBePlain(char: string): boolean {
    const next = this.#cursor.char(1);
    if (char === '-') {
      return !isBlank(next);
    }
    if (char === '?' || char === ':') {
      return !this.#isFlow && !isBlankOrEnd(next);
    }
    return !isBlankOrEnd(char) && !/^[,[\]{}#&*!|>'"%@`]$/.test(char);
  }

  #openBrackets(char: keyof typeof opening): void {
    this.#saveKey();
    this.#keys.enter(this.#queue.next);
    if (this.#keys.depth > maxDepth) {
      throw new YamlFault('deep', this.#cursor.mark());
    }
    this.#isKeyAllowed = true;
    this.#addBare(opening[char]);
  }

  #fetchValue(): void {
    const key = this.#keys.take();
    if (key !== null) {
      this.#queue.insert(key.token, { kind: 'key', start: key.mark });
      this.#roll(key.mark.column, 'block-mapping-start', key.mark, key.token);
      this.#isKeyAllowed = false;
    } else {
      if (!this.#isFlow) {
        this.#demandKeyAllowed('nestedKey');
        this.#roll(this.#cursor.column, 'block-mapping-start', this.#cursor.mark());
      }
      this.#isKeyAllowed = !this.#isFlow;
    }
    this.#addBare('value');
  }

  #startEntry(
    block: 'block-sequence-start' | 'block-mapping-start',
    problem: 'entry' | 'nestedKey',
  ): void {
    if (!this.#isFlow) {
      this.#demandKeyAllowed(problem);
      this.#roll(this.#cursor.column, block, this.#cursor.mark());
    }
    this.#keys.drop();
  }

  #demandKeyAllowed(problem: 'entry' | 'nestedKey'): void {
    if (this.#isKeyAllowed) {
      return;
    }
    // A text over several lines with a colon behind it is a line whose own colon is missing.
    const last = this.#queue.last();
    const isLong = last?.kind === 'scalar' && last.start.line < this.#cursor.line;
    throw isLong
      ? new YamlFault('longKey', last.start)
      : new YamlFault(problem, this.#cursor.mark());
  }

  #fetchEnd(): void {
    // As if a last line break stood there: no key reaches beyond it, also in brackets left open.
    this.#cursor.endLine();
    this.#leaveBlocks();
    this.#queue.add({ kind: 'stream-end', start: this.#cursor.mark() });
  }

  #leaveBlocks(): void {
    this.#unroll(-1);
    this.#keys.drop();
    this.#isKeyAllowed = false;
  }

  #saveKey(): void {
    if (this.#isKeyAllowed) {
      const isRequired = !this.#isFlow && this.#indent === this.#cursor.column;
      this.#keys.save(this.#queue.next, isRequired);
    }
  }

  #addBare(kind: BareTokenKind, length = 1): void {
    this.#queue.add({ kind, start: this.#cursor.mark() });
    this.#cursor.skip(length);
  }

  /** A deeper column begins a block, before the token that is given or at the end. */
  #roll(column: number, kind: BareTokenKind, start: Mark, before?: number): void {
    if (this.#isFlow || this.#indent >= column) {
      return;
    }
    this.#indents.push(this.#indent);
    this.#indent = column;
    if (this.#indents.length > maxDepth) {
      throw new YamlFault('deep', start);
    }
    this.#queue.insert(before ?? this.#queue.next, { kind, start });
  }

  #unroll(column: number): void {
    while (!this.#isFlow && this.#indent > column) {
      this.#queue.add({ kind: 'block-end', start: this.#cursor.mark() });
      this.#indent = this.#indents.pop() ?? -1;
    }
  }

  #skipToToken(): void {
    const cursor = this.#cursor;
    for (;;) {
      if (cursor.index === 0 && cursor.char() === '\ufeff') {
        cursor.index += 1;
      }
      // Tabs may separate tokens, but not stand where a key could begin.
      while (
        cursor.char() === ' ' ||
        (cursor.char() === '\t' && (this.#isFlow || !this.#isKeyAllowed))
      ) {
        cursor.skip();
      }
      cursor.skipComment();
      if (!isBreak(cursor.char())) {
        return;
      }
      cursor.skipLine();
      if (!this.#isFlow) {
        this.#isKeyAllowed = true;
      }
    }
  }
}
