/**
 * How long a pattern is with its counted repeats written out, as they are when it is compiled: what
 * stands before `{1000}` is copied a thousand times, and one repeat inside of another multiplies.
 *
 * Source: Go `regexp/syntax` (`simplify`), which re2js follows.
 *
 * Does not handle: patterns that do not compile; for them any number will do.
 */

// A token counts one, whatever it stands for; only repeats and what they repeat matter here.
const tokens =
  /\{(\d+)(?:,(\d*))?\}|\\Q[\s\S]*?(?:\\E|$)|\\[\s\S]|\[\^?\]?(?:\\[\s\S]|\[:\^?\w+:\]|[^\]\\])*\]|[\s\S]/g;

export function writtenOutSize(pattern: string): number {
  const outside: number[] = [];
  let size = 0;
  /** Of what a repeat would repeat. */
  let last = 0;
  for (const [token, from, to] of pattern.matchAll(tokens)) {
    if (from !== undefined) {
      const copies = Number(to || from);
      size += last * (copies - 1);
      last *= copies;
    } else if (token === '(') {
      outside.push(size);
      size = 0;
    } else if (token === ')') {
      last = size;
      size += outside.pop() ?? 0;
    } else {
      last = sizeOf(token);
      size += last;
    }
  }
  return outside.reduce((sum, each) => sum + each, size);
}

function sizeOf(token: string): number {
  return token.startsWith('\\Q') ? token.length : 1;
}
