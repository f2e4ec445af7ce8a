/**
 * Go's `%q` for strings, as K3s' templates use it for paths and logins.
 *
 * Source: Go `strconv.Quote`.
 *
 * Does not handle: invalid UTF-8, which JavaScript strings cannot hold. Note that Go's `\a`, `\v`
 * and `\xNN` are no TOML escapes: a text with such characters makes the file unreadable.
 */
const shortEscapes: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

export function quoteGo(text: string): string {
  return `"${Array.from(text.toWellFormed(), quoteChar).join('')}"`;
}

function quoteChar(char: string): string {
  const short = shortEscapes[char];
  if (short !== undefined) {
    return short;
  }
  if (printable.test(char)) {
    return char;
  }
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x20 || code === 0x7f) {
    return `\\x${code.toString(16).padStart(2, '0')}`;
  }
  return code <= 0xffff
    ? `\\u${code.toString(16).padStart(4, '0')}`
    : `\\U${code.toString(16).padStart(8, '0')}`;
}
