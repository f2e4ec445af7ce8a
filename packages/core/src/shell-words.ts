/**
 * Just enough of the POSIX shell to read a pasted login command: words, the three ways of
 * quoting, line continuation, and the operators that separate commands.
 *
 *   word     := (plain | '…' | "…" | \char | $(…) | `…`)+
 *   operator := "|" | "||" | "&&" | "&" | ";" | newline | "<<<" | ">" | "<"
 *
 * Source: POSIX.1-2024 XCU section 2.2 and 2.3. Nothing is expanded or run: `$X` and `$(…)` stay
 * as written and are marked, because what they stand for is not in the text.
 */
export type ShellToken =
  | { readonly kind: 'word'; readonly text: string; readonly isExpansion: boolean }
  | { readonly kind: 'operator'; readonly text: string };

interface Piece {
  readonly text: string;
  readonly next: number;
  /** Quoted so that `$` is an ordinary character. */
  readonly isLiteral: boolean;
}

// No-break spaces are what web pages put between the words of a command.
const blankPattern = /(?:[ \t\r\u00a0]|\\\r?\n)+/y;
// Everything that ends a word is a blank or an operator; otherwise the loop would stand still.
const wordEndPattern = /[ \t\r\u00a0\n|&;<>]/;
const operatorPattern = /<<<|\|\||&&|[|&;<>\n]/y;
// The whole word is one variable or one command.
const expansionPattern = /^(?:\$[A-Za-z_][A-Za-z0-9_]*|\$\{[^}]*\}|\$\(.*\)|`.*`)$/s;

/** Null when a quote or `$(` is never closed. */
export function splitShellWords(text: string): readonly ShellToken[] | null {
  const tokens: ShellToken[] = [];
  let index = 0;
  while (index < text.length) {
    blankPattern.lastIndex = index;
    index += blankPattern.exec(text)?.[0].length ?? 0;
    operatorPattern.lastIndex = index;
    const operator = operatorPattern.exec(text)?.[0];
    if (operator !== undefined) {
      tokens.push({ kind: 'operator', text: operator });
      index += operator.length;
    } else if (index < text.length) {
      const word = readWord(text, index);
      if (word === null) return null;
      tokens.push(word.token);
      index = word.next;
    }
  }
  return tokens;
}

function readWord(text: string, start: number): { token: ShellToken; next: number } | null {
  let index = start;
  let word = '';
  let isLiteral = false;
  while (index < text.length && !wordEndPattern.test(text[index] ?? '')) {
    const piece = readPiece(text, index);
    if (piece === null) return null;
    word += piece.text;
    isLiteral ||= piece.isLiteral;
    index = piece.next;
  }
  const isExpansion = !isLiteral && expansionPattern.test(word);
  return { token: { kind: 'word', text: word, isExpansion }, next: index };
}

function readPiece(text: string, index: number): Piece | null {
  const char = text[index] ?? '';
  if (char === "'") return readSingleQuoted(text, index + 1);
  if (char === '"') return readDoubleQuoted(text, index + 1);
  if (char === '`') return readUntil(text, index, text.indexOf('`', index + 1));
  if (char === '$' && text[index + 1] === '(') {
    return readUntil(text, index, closingParenthesis(text, index + 1));
  }
  if (char !== '\\') return { text: char, next: index + 1, isLiteral: false };
  const escaped = text[index + 1] ?? '';
  return { text: escaped === '\n' ? '' : escaped, next: index + 2, isLiteral: escaped === '$' };
}

function readUntil(text: string, start: number, end: number): Piece | null {
  return end < 0 ? null : { text: text.slice(start, end + 1), next: end + 1, isLiteral: false };
}

function readSingleQuoted(text: string, start: number): Piece | null {
  const end = text.indexOf("'", start);
  return end < 0 ? null : { text: text.slice(start, end), next: end + 1, isLiteral: true };
}

function readDoubleQuoted(text: string, start: number): Piece | null {
  let value = '';
  let isLiteral = false;
  for (let index = start; index < text.length; index += 1) {
    const char = text[index] ?? '';
    const next = text[index + 1] ?? '';
    if (char === '"') return { text: value, next: index + 1, isLiteral };
    // Inside double quotes a backslash escapes only these; elsewhere it is itself.
    if (char === '\\' && '$`"\\\n'.includes(next) && next !== '') {
      isLiteral ||= next === '$';
      value += next === '\n' ? '' : next;
      index += 1;
    } else {
      value += char;
    }
  }
  return null;
}

function closingParenthesis(text: string, start: number): number {
  let depth = 0;
  for (let index = start; index < text.length; index += 1) {
    if (text[index] === '(') depth += 1;
    if (text[index] === ')') depth -= 1;
    if (depth === 0) return index;
  }
  return -1;
}
