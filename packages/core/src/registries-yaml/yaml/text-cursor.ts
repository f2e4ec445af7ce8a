/**
 * A place in a YAML text that moves forward, with the character classes of YAML 1.1 as go-yaml v2 has
 * them: NEL, LS and PS break lines too, and anchors, tag handles and directives consist of ASCII letters,
 * digits, `-` and `_`.
 *
 * Source: gopkg.in/yaml.v2 v2.4.0 `yamlprivateh.go`, `scannerc.go` (`skip`, `read_line`).
 *
 * Does not handle: control characters; they are refused before, which is why NUL can stand for the end.
 */
export interface Mark {
  readonly index: number;
  /** Both from zero. */
  readonly line: number;
  readonly column: number;
}

export const end = '\0';

export class TextCursor {
  index = 0;
  line = 0;
  column = 0;

  constructor(readonly text: string) {}

  char(offset = 0): string {
    return this.text[this.index + offset] ?? end;
  }

  mark(): Mark {
    return { index: this.index, line: this.line, column: this.column };
  }

  /** Goes on by characters that break no line. */
  skip(count = 1): void {
    this.index += count;
    this.column += count;
  }

  /** Goes over a line break, and says what it means inside of a scalar. */
  skipLine(): string {
    const char = this.char();
    this.index += char === '\r' && this.char(1) === '\n' ? 2 : 1;
    this.line += 1;
    this.column = 0;
    return char === '\u2028' || char === '\u2029' ? char : '\n';
  }

  endLine(): void {
    if (this.column > 0) {
      this.line += 1;
      this.column = 0;
    }
  }

  /** The text from a place up to here. */
  since(index: number): string {
    return this.text.slice(index, this.index);
  }

  /** The text that a sticky expression without line breaks matches here. */
  take(expression: RegExp): string {
    expression.lastIndex = this.index;
    const [text = ''] = expression.exec(this.text) ?? [];
    this.skip(text.length);
    return text;
  }

  skipBlanks(): void {
    while (isBlank(this.char())) {
      this.skip();
    }
  }

  skipComment(): void {
    if (this.char() === '#') {
      while (!isBreakOrEnd(this.char())) {
        this.skip();
      }
    }
  }

  /** `---` or `...` at the start of a line, with nothing directly behind it. */
  isAtDocumentMark(): boolean {
    const three = this.text.slice(this.index, this.index + 3);
    return this.column === 0 && (three === '---' || three === '...') && isBlankOrEnd(this.char(3));
  }
}

export function isBlank(char: string): boolean {
  return char === ' ' || char === '\t';
}

export function isBreak(char: string): boolean {
  return (
    char === '\n' || char === '\r' || char === '\u0085' || char === '\u2028' || char === '\u2029'
  );
}

export function isBreakOrEnd(char: string): boolean {
  return char === end || isBreak(char);
}

export function isBlankOrEnd(char: string): boolean {
  return isBlank(char) || isBreakOrEnd(char);
}

export function isWord(char: string): boolean {
  return /^[A-Za-z0-9_-]$/.test(char);
}

export function isHex(char: string): boolean {
  return /^[0-9A-Fa-f]$/.test(char);
}
