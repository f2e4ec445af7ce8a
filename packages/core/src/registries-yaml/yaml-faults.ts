/**
 * Faults of YAML text: what Go's `yaml.v2` refuses and the JavaScript parser accepts, and how faults
 * are told to people.
 *
 * Source: gopkg.in/yaml.v2 v2.4.0 `readerc.go`, `scannerc.go`.
 *
 * Does not handle: every difference between the two parsers on malformed text.
 */
import type { Position } from './diagnostic.js';

export interface YamlProblem {
  readonly at: Position;
  readonly message: string;
}

// The parser's own words quote the input in places, and the input holds passwords.
const faults: Readonly<Record<string, string>> = {
  BAD_ALIAS: 'an alias (*) has no name; quote a "*"',
  BAD_DIRECTIVE: 'unknown directive',
  BAD_DQ_ESCAPE: 'unknown escape in a double-quoted text',
  BAD_INDENT: 'the indentation does not fit',
  BAD_SCALAR_START: 'this character cannot begin a text; quote it',
  BLOCK_AS_IMPLICIT_KEY: 'a mapping is not allowed here; is a colon or a line break missing?',
  BLOCK_IN_FLOW: 'an indented block is not allowed between brackets',
  MISSING_CHAR: 'a quote, bracket, colon or comma is missing',
  MULTILINE_IMPLICIT_KEY: 'a key must stand on one line; is a colon missing?',
  TAB_AS_INDENT: 'tabs are not allowed for indentation',
  TAG_RESOLVE_FAILED: 'the value does not fit its tag',
  UNEXPECTED_TOKEN: 'unexpected text',
};

/** The parser's error code in words that hold nothing of the document. */
export function describeFault(code: string): string {
  return faults[code] ?? 'the text is not valid YAML';
}

// The commonest fault by far; the parser reports it one line too late and as something else.
export function findBareStar(text: string): YamlProblem | null {
  const lines = text.split('\n');
  const index = lines.findIndex((line) => /^[ \t]*\*[ \t]*:/.test(line));
  const column = (lines[index]?.indexOf('*') ?? 0) + 1;
  const message = 'the key * must be quoted: "*"';
  return index < 0 ? null : { at: { line: index + 1, column }, message };
}

// JSON's `\/` and surrogate pairs as two escapes are valid to the parser underneath, not to yaml.v2.
export function hasForeignEscape(source: string): boolean {
  const escapes = source.matchAll(/\\(u[0-9a-fA-F]{4}|[\s\S])/g);
  return [...escapes].some(([, code = '']) => code === '/' || /^ud[89a-f]/i.test(code));
}

// What yaml.v2's reader accepts raw. A byte order mark may only come first in practice.
const unreadable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the rule is about control characters.
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u0080-\u0084\u0086-\u009f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

export function findUnreadableCharacter(text: string): Position | null {
  const index = text.search(unreadable);
  if (index < 0) {
    return null;
  }
  const before = text.slice(0, index).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
