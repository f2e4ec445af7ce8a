/**
 * Scans single- and double-quoted scalars. Their lines may be indented less than what holds them, which
 * YAML 1.2 forbids and go-yaml v2 does not.
 *
 * Source: gopkg.in/yaml.v2 v2.4.0 `scannerc.go` (`scan_flow_scalar`).
 *
 * Does not handle: surrogates written as two escapes, nor `\/`; both are refused, although JSON has them.
 */
import { foldBreaks } from './fold-breaks.js';
import { end, isBlank, isBreak, isHex, type TextCursor } from './text-cursor.js';
import { type ScalarToken, YamlFault } from './token.js';

export function scanQuoted(cursor: TextCursor, style: 'single' | 'double'): ScalarToken {
  const start = cursor.mark();
  const quote = style === 'single' ? "'" : '"';
  const parts: string[] = [];
  cursor.skip();
  for (;;) {
    if (cursor.isAtDocumentMark() || cursor.char() === end) {
      throw new YamlFault('unclosed', start);
    }
    const isEscapedBreak = scanWords(cursor, style, parts);
    if (cursor.char() === quote) {
      cursor.skip();
      return { kind: 'scalar', style, text: parts.join(''), start };
    }
    parts.push(scanGap(cursor, isEscapedBreak));
  }
}

// Runs without anything that ends them or has a meaning of its own.
const singleRun = /(?:[^' \t\n\r\u0085\u2028\u2029]|'')*/y;
const doubleRun = /[^"\\ \t\n\r\u0085\u2028\u2029]*/y;

/** Up to the next blank, break or quote; true when an escaped line break ended it. */
function scanWords(cursor: TextCursor, style: 'single' | 'double', parts: string[]): boolean {
  if (style === 'single') {
    parts.push(cursor.take(singleRun).replaceAll("''", "'"));
    return false;
  }
  for (;;) {
    parts.push(cursor.take(doubleRun));
    if (cursor.char() !== '\\') {
      return false;
    }
    if (isBreak(cursor.char(1))) {
      cursor.skip();
      cursor.skipLine();
      return true;
    }
    parts.push(scanEscape(cursor));
  }
}

/** Blanks and breaks between words: one break is a blank, further ones stay. */
function scanGap(cursor: TextCursor, isEscapedBreak: boolean): string {
  const from = cursor.index;
  cursor.skipBlanks();
  if (!isEscapedBreak && !isBreak(cursor.char())) {
    return cursor.since(from);
  }
  const breaks: string[] = [];
  for (let char = cursor.char(); isBlank(char) || isBreak(char); char = cursor.char()) {
    if (isBreak(char)) {
      breaks.push(cursor.skipLine());
    } else {
      cursor.skip();
    }
  }
  return isEscapedBreak ? breaks.join('') : foldBreaks(breaks);
}

const shortEscapes: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\u0007',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\u001b',
  ' ': ' ',
  '"': '"',
  "'": "'",
  '\\': '\\',
  N: '\u0085',
  _: '\u00a0',
  L: '\u2028',
  P: '\u2029',
};
const escapeLengths: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

function scanEscape(cursor: TextCursor): string {
  const start = cursor.mark();
  const letter = cursor.char(1);
  const length = escapeLengths[letter];
  cursor.skip(2);
  if (length === undefined) {
    const short = shortEscapes[letter];
    if (short === undefined) {
      throw new YamlFault('escape', start);
    }
    return short;
  }
  const digits = Array.from({ length }, (_, offset) => cursor.char(offset));
  const code = Number.parseInt(digits.join(''), 16);
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  if (!digits.every(isHex) || isSurrogate || code > 0x10ffff) {
    throw new YamlFault('escape', start);
  }
  cursor.skip(length);
  return String.fromCodePoint(code);
}
