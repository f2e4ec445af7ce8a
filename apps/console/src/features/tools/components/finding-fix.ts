/**
 * Which findings of the checker can be mended in the text by one click, and how. A fix replaces the key
 * or value that the finding points at; everything around it stays as it was written.
 */
import { mendedText } from '../../../components/mended-text';
import { tokenLengthAt } from '../../../components/text-token';

export interface FixableFinding {
  readonly code: string;
  readonly line: number;
  readonly column: number;
  readonly parameters?: Readonly<Record<string, string>> | undefined;
}

export interface Fix {
  readonly from: number;
  readonly to: number;
  /** what stands there afterwards; empty where the line goes away */
  readonly text: string;
  /** the same without quotes, for a button; null = the line is removed */
  readonly label: string | null;
}

interface Place {
  /** offset of the line in the document */
  readonly start: number;
  readonly line: string;
  readonly column: number;
  readonly token: string;
}

/** The text of a scalar as YAML reads it. */
function unquote(token: string): string {
  if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
  return token.startsWith('"') ? token.slice(1, -1).replace(/\\(["\\/])/g, '$1') : token;
}

/** The same quotes as before; a plain text that YAML would read otherwise gets some. */
function quoteLike(token: string, text: string): string {
  if (token.startsWith('"')) return JSON.stringify(text);
  const isPlain = /^[A-Za-z0-9^(./$]/.test(text) && !/: |:$| #|["'\\,[\]{}]/.test(text);
  return token.startsWith("'") || !isPlain ? `'${text.replaceAll("'", "''")}'` : text;
}

/** Findings whose line does nothing: without it the file means the same. */
const REMOVABLE = ['duplicate-endpoint'];

interface Line {
  readonly start: number;
  readonly text: string;
}

function linesOf(document: string): readonly Line[] {
  let start = 0;
  return document.split('\n').map((text) => {
    const line = { start, text };
    start += text.length + 1;
    return line;
  });
}

function placeOf(lines: readonly Line[], { line, column }: FixableFinding): Place | null {
  const found = lines[line - 1];
  if (found === undefined) return null;
  const { start, text } = found;
  const token = text.slice(column - 1, column - 1 + tokenLengthAt(text, column - 1));
  // Brackets that were opened on an earlier line: where a plain text ends is then not told by its line.
  const isUnclear = /^[^"'].*[,\]}]$/.test(token);
  return token === '' || isUnclear ? null : { start, line: text, column, token };
}

/** The line with its end, where it is one item of a block list. */
function withoutLine({ start, line, column }: Place): Fix | null {
  const isItem = /^\s*-\s+$/.test(line.slice(0, column - 1));
  return isItem ? { from: start, to: start + line.length + 1, text: '', label: null } : null;
}

/** `$1_x` → `${1}_x` in the replacement that follows the pattern on its line. */
function bracedGroup({ start, line, column, token }: Place, instead: string): Fix | null {
  const group = instead.replace(/^\$\{(\d+)\}/, '$$$1');
  const after = column - 1 + token.length;
  const at = line.indexOf(group, after);
  if (at < 0 || line.indexOf(group, at + 1) >= 0) return null;
  return { from: start + at, to: start + at + group.length, text: instead, label: instead };
}

/** How findings can be mended in this document; null where people have to decide. */
export function fixesOf(document: string): (finding: FixableFinding) => Fix | null {
  const lines = linesOf(document);
  return (finding) => fixAt(placeOf(lines, finding), finding);
}

function fixAt(place: Place | null, finding: FixableFinding): Fix | null {
  if (place === null) return null;
  const name = finding.code.replace(/^registries-yaml\./, '');
  const parameters = finding.parameters ?? {};
  if (REMOVABLE.includes(name)) return withoutLine(place);
  if (name === 'rewrite-unknown-group') {
    return parameters.instead ? bracedGroup(place, parameters.instead) : null;
  }
  const value = unquote(place.token);
  const next = mendedText(finding.code, value, parameters);
  if (next === null) return null;
  const at = place.start + place.column - 1;
  return {
    from: at,
    to: at + place.token.length,
    text: quoteLike(place.token, next),
    label: next,
  };
}
