/**
 * Where go-yaml v2 and other YAML readers part, and how much work a text can make. The comparison with
 * go-yaml itself, on thousands of generated documents, is in the testbed.
 */
import { describe, expect, test } from 'vitest';
import { Parser } from './yaml/parser.js';
import { readYaml, type YamlNode } from './yaml-tree.js';

/** The tree as JSON would have it; scalars as `text` or `=text` when they are quoted or tagged. */
function shape(node: YamlNode | null): unknown {
  switch (node?.kind) {
    case undefined:
      return null;
    case 'scalar':
      return node.isPlain ? node.text : `=${node.text}`;
    case 'list':
      return node.items.map(shape);
    case 'mapping':
      return node.entries.map(({ key, value }) => [shape(key), shape(value)]);
    case 'alias':
      return { alias: shape(node.target) };
  }
}

function read(text: string): unknown {
  const tree = readYaml(text);
  return tree.ok ? shape(tree.value.root) : tree.error.problem;
}

describe('YAML as go-yaml v2 reads it', () => {
  test.each<[string, string, unknown]>([
    ['brackets may close at the indentation of their key', 'a: [\n  b\n]\n', [['a', ['b']]]],
    [
      'quoted lines may be indented less than their key',
      'a:\n  b: "c\nd"\n',
      [['a', [['b', '=c d']]]],
    ],
    ['in brackets a question mark ends a plain text', '{a: (?:b)}', 'missing'],
    ['outside of brackets it does not', 'a: (?:b)\n', [['a', '(?:b)']]],
    ['in brackets a colon needs a blank behind it', '{a:b}', [['a:b', '']]],
    ['a comma after the last item adds nothing', '[a, b, ]', ['a', 'b']],
    ['a list may stand at the indentation of its key', 'a:\n- b\n- c\n', [['a', ['b', 'c']]]],
    ['a pair in a list is a mapping', '[a: b]', [[['a', 'b']]]],
    ['an anchor ends at a colon', '&a: b\n', [['', 'b']]],
    [
      'an alias may stand before its colon only after a blank',
      '- &a b\n- *a : c\n',
      ['b', [[{ alias: 'b' }, 'c']]],
    ],
    ['folded lines are joined, blank ones stay', 'a: >\n  b\n  c\n\n  d\n', [['a', '=b c\nd\n']]],
    [
      'a literal keeps its lines, and with - no last break',
      'a: |-\n  b\n   c\n',
      [['a', '=b\n c']],
    ],
    ['escapes of YAML', '"\\x41\\u00e9\\U0001F600\\_\\N"', '=Aé😀\u00a0\u0085'],
    ['JSON’s escaped slash is refused', '"\\/"', 'escape'],
    ['and so is half of a pair', '"\\ud83d\\ude00"', 'escape'],
    ['a document mark ends a plain text', 'a\n--- b\n', 'a'],
    ['but not a quoted one', '"a\n---\nb"', 'unclosed'],
    ['a second colon on the line is no key', 'a: b: c\n', 'nestedKey'],
    ['a tab may separate, not indent', 'a:\tb\n', [['a', 'b']]],
    ['a tab where a key could be', 'a:\n\tb: c\n', 'tab'],
    ['another version', '%YAML 1.2\n---\na: b\n', 'directive'],
    ['version 1.1', '%YAML 1.1\n---\na: b\n', [['a', 'b']]],
    ['a tag of its own', '%TAG !e! tag:e.org,2000:\n---\n- !e!x a\n- ! b\n', ['=a', 'b']],
    ['a handle that nobody declared', '!e!x a\n', 'tag'],
    ['a key of more than 1024 characters', `${'x'.repeat(1025)}: y\n`, 'nestedKey'],
    ['the same with a question mark', `? ${'x'.repeat(1025)}\n: y\n`, [['x'.repeat(1025), 'y']]],
    ['nothing at all', '', null],
    ['a comment alone', '# a\n', null],
    ['a byte order mark', '\ufeffa: b\n', [['a', 'b']]],
  ])('%s', (_what, text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  test('what follows the first document is not looked at', () => {
    const tree = readYaml('a: b\n---\n[\n');
    expect(tree).toMatchObject({ ok: true, value: { ignoredFrom: { line: 2, column: 1 } } });
  });

  test.each([
    ['an open bracket', 'a: [b,\n', 2, 1],
    ['a missing colon at the line that misses it', 'a:\n  b\n    c:\n', 2, 3],
    ['an open quote where it begins', 'a: b\nc: "d\n', 2, 4],
    ['a bare wildcard', 'mirrors:\n  *:\n', 2, 3],
  ])('names the place of %s', (_what, text, line, column) => {
    const tree = readYaml(text);
    expect(tree.ok ? null : tree.error.at).toEqual({ line, column });
  });
});

describe('the work that a text makes', () => {
  const ends = ['document-end', 'stream-end'];
  const size = 20_000;
  const fill = (unit: string) => unit.repeat(size / unit.length);

  test.each([
    ['open brackets', fill('[')],
    ['brackets in brackets', fill('[') + fill(']')],
    ['lists in lists', fill('- ')],
    ['keys in keys', fill('? ')],
    ['keys on one line', fill('a: ')],
    ['pairs in brackets', `{${fill('a: b, ')}`],
    ['anchors', fill('- &a b\n')],
    ['aliases', `a: &a b\nc:\n${fill('- *a\n')}`],
    ['tags', fill('- !!str x\n')],
    ['empty lines', fill('\n')],
    ['quotes', fill('- "a"\n')],
  ])('grows with its length and not faster: %s', (_what, text) => {
    const parser = new Parser(text);
    let events = 0;
    try {
      for (let { kind } = parser.next(); !ends.includes(kind); { kind } = parser.next()) {
        events += 1;
      }
    } catch {
      // Refused: the events up to there count.
    }
    expect(events).toBeLessThanOrEqual(text.length * 2);
  });

  test('does not grow with what aliases would unfold to', () => {
    const levels = Array.from({ length: 60 }, (_, i) => {
      const refs = Array(10).fill(i === 0 ? 'x' : `*a${i - 1}`);
      return `k${i}: &a${i} [${refs.join(', ')}]`;
    });
    const parser = new Parser(levels.join('\n'));
    let events = 0;
    for (let event = parser.next(); event.kind !== 'document-end'; event = parser.next()) {
      events += 1;
    }
    expect(events).toBeLessThan(60 * 13 + 10);
  });
});
