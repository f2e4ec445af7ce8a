/**
 * Finds the comments of a YAML document. Their text is never repeated: a commented-out password is
 * still one.
 *
 * Source: the token stream of the `yaml` package (`Lexer`), in which a token that begins with `#` and
 * is not the text of a scalar is a comment.
 *
 * Does not handle: comments of a second document, which is ignored as a whole.
 */
import { Lexer } from 'yaml';
import type { Position } from '../registries-yaml/diagnostic.js';
import { leftBehind } from './left-behind.js';
import type { NotImported } from './model.js';

/** Comment lines below each other are one entry; what Moorage itself writes is none. */
export function findComments(text: string, end: Position | null): readonly NotImported[] {
  const lines = commentLines(text).filter(({ line }) => end === null || line < end.line);
  const runs: { at: Position; last: number }[] = [];
  for (const at of lines) {
    const run = runs.at(-1);
    if (run !== undefined && run.last + 1 === at.line && run.at.column === at.column)
      run.last = at.line;
    else runs.push({ at, last: at.line });
  }
  return runs.map(({ at, last }) => {
    const count = last - at.line + 1;
    return leftBehind(
      'node-config-import.comment',
      { path: [], at },
      {
        detail: count === 1 ? 'A comment.' : `A comment of ${count} lines.`,
        parameters: { lines: String(count) },
      },
    );
  });
}

// Marks that the lexer puts between the pieces of the source, and a byte order mark: no columns of text.
const marks: ReadonlySet<string> = new Set(['\ufeff', '\u0002', '\u0018', '\u001f']);
const scalarMark = '\u001f';
const own = /^# (?:Written by Moorage\.|Secrets are masked here:)/;

function commentLines(text: string): readonly Position[] {
  const found: Position[] = [];
  let line = 1;
  let column = 1;
  let before = '';
  for (const token of new Lexer().lex(text)) {
    const isComment = token.startsWith('#') && before !== scalarMark;
    before = token;
    if (marks.has(token)) continue;
    if (isComment && !own.test(token)) found.push({ line, column });
    const breaks = token.split('\n');
    line += breaks.length - 1;
    column = breaks.length === 1 ? column + token.length : (breaks.at(-1)?.length ?? 0) + 1;
  }
  return found;
}
