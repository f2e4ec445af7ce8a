/**
 * Faults of YAML text: what Go's `yaml.v2` refuses and the JavaScript parser accepts, and what the
 * parser's error codes mean.
 *
 * Source: gopkg.in/yaml.v2 v2.4.0 `readerc.go`, `scannerc.go`.
 *
 * Does not handle: every difference between the two parsers on malformed text.
 */
import type { Position } from './diagnostic.js';
import type { LoadProblem } from './load-problem.js';

export interface YamlProblem {
  readonly at: Position;
  readonly problem: LoadProblem;
}

const faults: Readonly<Record<string, LoadProblem>> = {
  BAD_ALIAS: 'alias',
  BAD_DIRECTIVE: 'directive',
  BAD_DQ_ESCAPE: 'escape',
  BAD_INDENT: 'indent',
  BAD_SCALAR_START: 'start',
  BLOCK_AS_IMPLICIT_KEY: 'nestedKey',
  BLOCK_IN_FLOW: 'flow',
  MISSING_CHAR: 'missing',
  MULTILINE_IMPLICIT_KEY: 'longKey',
  TAB_AS_INDENT: 'tab',
  TAG_RESOLVE_FAILED: 'tag',
  UNEXPECTED_TOKEN: 'unexpected',
};

/** What the parser's error code means. */
export function problemOfFault(code: string): LoadProblem {
  return faults[code] ?? 'invalid';
}

// The commonest fault by far; the parser reports it one line too late and as something else.
export function findBareStar(text: string): YamlProblem | null {
  const lines = text.split('\n');
  const index = lines.findIndex((line) => /^[ \t]*\*[ \t]*:/.test(line));
  const column = (lines[index]?.indexOf('*') ?? 0) + 1;
  return index < 0 ? null : { at: { line: index + 1, column }, problem: 'bareStar' };
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
