/**
 * A TOML basic string, with everything escaped that could end it or that TOML refuses raw.
 *
 * Source: TOML 1.0 "String".
 *
 * Does not handle: text that is not well-formed Unicode; a lone surrogate becomes U+FFFD.
 */
const readable = /^[\p{L}\p{N}\p{P}\p{S} ]$/u;

export function quoteToml(text: string): string {
  return `"${Array.from(text.toWellFormed(), quoteChar).join('')}"`;
}

function quoteChar(char: string): string {
  if (char === '"' || char === '\\') {
    return `\\${char}`;
  }
  if (readable.test(char)) {
    return char;
  }
  const code = (char.codePointAt(0) ?? 0).toString(16);
  return code.length <= 4 ? `\\u${code.padStart(4, '0')}` : `\\U${code.padStart(8, '0')}`;
}
