/**
 * Go's `path/filepath.Match` on Unix, the glob of the kubelet's host labels.
 *
 *   pattern := { "*" | "?" | "[" ["^"] range {range} "]" | "\" char | char }
 *   range   := char | char "-" char          (a char may be escaped)
 *
 * `*` and `?` do not cross `/`. A malformed pattern matches nothing.
 * Source: Go `path/filepath/match.go`. Runs in O(pattern × text): one `*` is retried at a time.
 */
type Token =
  | { readonly kind: 'star' }
  | { readonly kind: 'any' }
  | { readonly kind: 'char'; readonly char: string }
  | { readonly kind: 'class'; readonly negated: boolean; readonly ranges: readonly Range[] };

interface Range {
  readonly low: string;
  readonly high: string;
}

export function matchGlob(pattern: string, text: string): boolean {
  const tokens = parsePattern(Array.from(pattern));
  return tokens !== null && matchTokens(tokens, Array.from(text));
}

function matchTokens(tokens: readonly Token[], text: readonly string[]): boolean {
  let token = 0;
  let position = 0;
  let star = -1;
  let resume = 0;
  while (position < text.length) {
    const current = tokens[token];
    const char = text[position] ?? '';
    if (current?.kind === 'star') {
      star = token;
      resume = position;
      token += 1;
    } else if (current !== undefined && matchesChar(current, char)) {
      token += 1;
      position += 1;
    } else if (star >= 0 && text[resume] !== '/') {
      // Let the last star take one more character; earlier stars never need a second look.
      resume += 1;
      position = resume;
      token = star + 1;
    } else {
      return false;
    }
  }
  return tokens.slice(token).every(({ kind }) => kind === 'star');
}

function matchesChar(token: Exclude<Token, { kind: 'star' }>, char: string): boolean {
  switch (token.kind) {
    case 'any':
      return char !== '/';
    case 'char':
      return char === token.char;
    case 'class':
      return token.ranges.some(({ low, high }) => low <= char && char <= high) !== token.negated;
  }
}

/** Null for a pattern on which Go reports ErrBadPattern. */
function parsePattern(pattern: readonly string[]): readonly Token[] | null {
  const tokens: Token[] = [];
  let index = 0;
  while (index < pattern.length) {
    const parsed = parseToken(pattern, index);
    if (parsed === null) return null;
    tokens.push(parsed.token);
    index = parsed.next;
  }
  return tokens;
}

interface Step<T> {
  readonly token: T;
  readonly next: number;
}

function parseToken(pattern: readonly string[], index: number): Step<Token> | null {
  const char = pattern[index] ?? '';
  if (char === '*') return { token: { kind: 'star' }, next: index + 1 };
  if (char === '?') return { token: { kind: 'any' }, next: index + 1 };
  if (char === '[') return parseClass(pattern, index + 1);
  if (char !== '\\') return { token: { kind: 'char', char }, next: index + 1 };
  const escaped = pattern[index + 1];
  return escaped === undefined ? null : { token: { kind: 'char', char: escaped }, next: index + 2 };
}

function parseClass(pattern: readonly string[], start: number): Step<Token> | null {
  const negated = pattern[start] === '^';
  const ranges: Range[] = [];
  let index = negated ? start + 1 : start;
  // Go ends a class at the first `]` after at least one range; `[]` is malformed.
  while (pattern[index] !== ']' || ranges.length === 0) {
    const range = parseRange(pattern, index);
    if (range === null) return null;
    ranges.push(range.token);
    index = range.next;
  }
  return { token: { kind: 'class', negated, ranges }, next: index + 1 };
}

function parseRange(pattern: readonly string[], index: number): Step<Range> | null {
  const low = parseClassChar(pattern, index);
  if (low === null) return null;
  if (pattern[low.next] !== '-') {
    return { token: { low: low.token, high: low.token }, next: low.next };
  }
  const high = parseClassChar(pattern, low.next + 1);
  return high === null ? null : { token: { low: low.token, high: high.token }, next: high.next };
}

/** match.go `getEsc`: a bare `-` or `]` cannot be the end of a range. */
function parseClassChar(pattern: readonly string[], index: number): Step<string> | null {
  const char = pattern[index];
  if (char === undefined || char === '-' || char === ']') return null;
  if (char !== '\\') return { token: char, next: index + 1 };
  const escaped = pattern[index + 1];
  return escaped === undefined ? null : { token: escaped, next: index + 2 };
}
