/**
 * Scans plain scalars. In brackets a `?` ends one, and a colon only with a blank behind it: that is
 * go-yaml v2, not YAML 1.2.
 *
 * Source: gopkg.in/yaml.v2 v2.4.0 `scannerc.go` (`scan_plain_scalar`).
 *
 * Does not handle: what may begin a plain scalar; the scanner decides that.
 */
import { foldBreaks } from './fold-breaks.js';
import { isBlank, isBlankOrEnd, isBreak, type TextCursor } from './text-cursor.js';
import { type ScalarToken, YamlFault } from './token.js';

export interface PlainContext {
  readonly isFlow: boolean;
  /** Of the block that holds it. */
  readonly indent: number;
}

/** The scalar, and whether a line break follows its last word. */
export function scanPlain(
  cursor: TextCursor,
  context: PlainContext,
): { readonly token: ScalarToken; readonly endsLine: boolean } {
  const start = cursor.mark();
  const parts: string[] = [];
  let gap: Gap = { text: '', breaks: [] };
  for (;;) {
    if (cursor.isAtDocumentMark() || cursor.char() === '#') {
      break;
    }
    const word = scanWord(cursor, context.isFlow);
    if (word !== '') {
      parts.push(gap.breaks.length > 0 ? foldBreaks(gap.breaks) : gap.text, word);
      gap = { text: '', breaks: [] };
    }
    if (!isBlank(cursor.char()) && !isBreak(cursor.char())) {
      break;
    }
    gap = scanGap(cursor, context.indent, start);
    if (!context.isFlow && cursor.column < context.indent + 1) {
      break;
    }
  }
  const token: ScalarToken = { kind: 'scalar', style: 'plain', text: parts.join(''), start };
  return { token, endsLine: gap.breaks.length > 0 };
}

interface Gap {
  readonly text: string;
  readonly breaks: readonly string[];
}

function scanWord(cursor: TextCursor, isFlow: boolean): string {
  const from = cursor.index;
  for (let char = cursor.char(); !isBlankOrEnd(char); char = cursor.char()) {
    const endsKey = char === ':' && isBlankOrEnd(cursor.char(1));
    if (endsKey || (isFlow && /^[,?[\]{}]$/.test(char))) {
      break;
    }
    cursor.skip();
  }
  return cursor.since(from);
}

function scanGap(cursor: TextCursor, indent: number, start: ScalarToken['start']): Gap {
  const from = cursor.index;
  cursor.skipBlanks();
  const text = cursor.since(from);
  const breaks: string[] = [];
  for (let char = cursor.char(); isBlank(char) || isBreak(char); char = cursor.char()) {
    if (isBreak(char)) {
      breaks.push(cursor.skipLine());
      continue;
    }
    if (char === '\t' && cursor.column < indent + 1) {
      throw new YamlFault('tab', start);
    }
    cursor.skip();
  }
  return { text, breaks };
}
