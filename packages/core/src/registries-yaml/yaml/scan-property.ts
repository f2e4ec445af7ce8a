/**
 * Scans anchors, aliases, tags and directives.
 *
 * Source: gopkg.in/yaml.v2 v2.4.0 `scannerc.go` (`scan_anchor`, `scan_tag`, `scan_directive`).
 *
 * Does not handle: which handles are declared; the parser knows.
 */
import {
  isBlank,
  isBlankOrEnd,
  isBreak,
  isBreakOrEnd,
  isHex,
  isWord,
  type TextCursor,
} from './text-cursor.js';
import { type DirectiveToken, type NameToken, type TagToken, YamlFault } from './token.js';

export function scanName(cursor: TextCursor, kind: 'anchor' | 'alias'): NameToken {
  const start = cursor.mark();
  cursor.skip();
  const name = scanWord(cursor);
  const next = cursor.char();
  if (name === '' || !(isBlankOrEnd(next) || /^[?:,\]}%@`]$/.test(next))) {
    // By far the commonest: the wildcard of a registry without its quotes.
    const isStar = kind === 'alias' && name === '' && next === ':';
    throw new YamlFault(isStar ? 'bareStar' : kind === 'alias' ? 'alias' : 'anchorName', start);
  }
  return { kind, name, start };
}

export function scanTag(cursor: TextCursor): TagToken {
  const start = cursor.mark();
  const tag = cursor.char(1) === '<' ? scanVerbatim(cursor) : scanShorthand(cursor);
  if (!isBlankOrEnd(cursor.char())) {
    throw new YamlFault('tag', start);
  }
  return { kind: 'tag', start, ...tag };
}

type TagParts = Pick<TagToken, 'handle' | 'suffix'>;

function scanVerbatim(cursor: TextCursor): TagParts {
  const start = cursor.mark();
  cursor.skip(2);
  const suffix = scanUri(cursor, '');
  if (cursor.char() !== '>') {
    throw new YamlFault('tag', start);
  }
  cursor.skip();
  return { handle: '', suffix };
}

function scanShorthand(cursor: TextCursor): TagParts {
  const handle = scanHandle(cursor);
  if (handle.length > 1 && handle.endsWith('!')) {
    return { handle, suffix: scanUri(cursor, '') };
  }
  const suffix = scanUri(cursor, handle);
  // A lone `!` is a tag of its own.
  return suffix === '' ? { handle: '', suffix: '!' } : { handle: '!', suffix };
}

function scanHandle(cursor: TextCursor): string {
  const from = cursor.index;
  if (cursor.char() !== '!') {
    throw new YamlFault('tag', cursor.mark());
  }
  cursor.skip();
  scanWord(cursor);
  if (cursor.char() === '!') {
    cursor.skip();
  }
  return cursor.since(from);
}

const uriCharacter = /^[A-Za-z0-9_\-;/?:@&=+$,.!~*'()[\]%]$/;

function scanUri(cursor: TextCursor, head: string): string {
  const from = cursor.index;
  while (uriCharacter.test(cursor.char())) {
    if (cursor.char() === '%' && !(isHex(cursor.char(1)) && isHex(cursor.char(2)))) {
      throw new YamlFault('tag', cursor.mark());
    }
    cursor.skip();
  }
  if (head === '' && cursor.index === from) {
    throw new YamlFault('tag', cursor.mark());
  }
  const written = cursor.since(from);
  try {
    return head.slice(1) + decodeURIComponent(written);
  } catch {
    throw new YamlFault('tag', cursor.mark());
  }
}

export function scanDirective(cursor: TextCursor): DirectiveToken {
  const start = cursor.mark();
  const fault = new YamlFault('directive', start);
  cursor.skip();
  const name = scanWord(cursor);
  if (!isBlankOrEnd(cursor.char())) {
    throw fault;
  }
  cursor.skipBlanks();
  const value =
    name === 'YAML' ? scanVersion(cursor) : name === 'TAG' ? scanDirectiveHandle(cursor) : null;
  if (value === null) {
    throw fault;
  }
  const prefix = name === 'TAG' ? scanUri(cursor, '') : '';
  if (name === 'TAG' && !isBlankOrEnd(cursor.char())) {
    throw fault;
  }
  cursor.skipBlanks();
  cursor.skipComment();
  if (!isBreakOrEnd(cursor.char())) {
    throw fault;
  }
  if (isBreak(cursor.char())) {
    cursor.skipLine();
  }
  return { kind: name === 'TAG' ? 'tag-directive' : 'version', value, prefix, start };
}

function scanVersion(cursor: TextCursor): string | null {
  const version = /^[0-9]{1,2}\.[0-9]{1,2}(?![0-9])/.exec(
    cursor.text.slice(cursor.index, cursor.index + 6),
  )?.[0];
  cursor.skip(version?.length ?? 0);
  // A leading zero is no other number.
  return version?.split('.').map(Number).join('.') ?? null;
}

function scanDirectiveHandle(cursor: TextCursor): string | null {
  const handle = scanHandle(cursor);
  if ((handle !== '!' && !handle.endsWith('!')) || !isBlank(cursor.char())) {
    return null;
  }
  cursor.skipBlanks();
  return handle;
}

function scanWord(cursor: TextCursor): string {
  const from = cursor.index;
  while (isWord(cursor.char())) {
    cursor.skip();
  }
  return cursor.since(from);
}
