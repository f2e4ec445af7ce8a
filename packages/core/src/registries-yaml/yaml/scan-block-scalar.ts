/**
 * Scans block scalars, `|` and `>`.
 *
 * Source: gopkg.in/yaml.v2 v2.4.0 `scannerc.go` (`scan_block_scalar`, `scan_block_scalar_breaks`).
 */
import { end, isBlank, isBreak, isBreakOrEnd, type TextCursor } from './text-cursor.js';
import { type ScalarToken, YamlFault } from './token.js';

interface Header {
  readonly chomping: '+' | '-' | '';
  /** Zero when none is written. */
  readonly increment: number;
}

/** `indent` is that of the block which holds the scalar. */
export function scanBlockScalar(
  cursor: TextCursor,
  style: 'literal' | 'folded',
  indent: number,
): ScalarToken {
  const start = cursor.mark();
  const { chomping, increment } = scanHeader(cursor);
  const scan = { cursor, start, parentIndent: indent };
  let own = increment > 0 ? Math.max(indent, 0) + increment : 0;
  let { indent: found, breaks } = scanBreaks(scan, own);
  own = found;
  const parts: string[] = [];
  let lineBreak = '';
  let wasBlank = false;
  while (cursor.column === own && cursor.char() !== end) {
    const isIndented = isBlank(cursor.char());
    const folds = style === 'folded' && !wasBlank && !isIndented && lineBreak === '\n';
    parts.push(folds ? (breaks === '' ? ' ' : '') : lineBreak, breaks);
    wasBlank = isIndented;
    const from = cursor.index;
    while (!isBreakOrEnd(cursor.char())) {
      cursor.skip();
    }
    parts.push(cursor.since(from));
    lineBreak = isBreak(cursor.char()) ? cursor.skipLine() : '';
    ({ indent: found, breaks } = scanBreaks(scan, own));
  }
  const kept = [...(chomping === '-' ? [] : [lineBreak]), ...(chomping === '+' ? [breaks] : [])];
  return { kind: 'scalar', style, text: [...parts, ...kept].join(''), start };
}

function scanHeader(cursor: TextCursor): Header {
  const start = cursor.mark();
  const [written = '', first = '', second = ''] =
    /^[|>](?:([+-])([0-9])?|([0-9])([+-])?)?/
      .exec(cursor.text.slice(cursor.index, cursor.index + 3))
      ?.filter((part) => part !== undefined) ?? [];
  cursor.skip(written.length);
  cursor.skipBlanks();
  cursor.skipComment();
  const signs = first + second;
  if (!isBreakOrEnd(cursor.char()) || signs.includes('0')) {
    throw new YamlFault('blockHeader', start);
  }
  if (isBreak(cursor.char())) {
    cursor.skipLine();
  }
  const chomping = signs.includes('+') ? '+' : signs.includes('-') ? '-' : '';
  return { chomping, increment: Number(/[0-9]/.exec(signs)?.[0] ?? 0) };
}

interface BlockScan {
  readonly cursor: TextCursor;
  readonly start: ScalarToken['start'];
  readonly parentIndent: number;
}

/** Indentation and empty lines; finds the scalar's own indentation when `own` is zero. */
function scanBreaks(
  { cursor, start, parentIndent }: BlockScan,
  own: number,
): { readonly indent: number; readonly breaks: string } {
  const breaks: string[] = [];
  let widest = 0;
  for (;;) {
    while ((own === 0 || cursor.column < own) && cursor.char() === ' ') {
      cursor.skip();
    }
    widest = Math.max(widest, cursor.column);
    if ((own === 0 || cursor.column < own) && cursor.char() === '\t') {
      throw new YamlFault('tab', start);
    }
    if (!isBreak(cursor.char())) {
      break;
    }
    breaks.push(cursor.skipLine());
  }
  return {
    indent: own === 0 ? Math.max(widest, parentIndent + 1, 1) : own,
    breaks: breaks.join(''),
  };
}
