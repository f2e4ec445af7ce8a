import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitShellWords } from './shell-words.js';

function words(text: string): readonly string[] | null {
  return splitShellWords(text)?.map((token) => token.text) ?? null;
}

function expansions(text: string): readonly boolean[] | undefined {
  return splitShellWords(text)?.map((token) => token.kind === 'word' && token.isExpansion);
}

describe('splitShellWords', () => {
  it.each<[string, readonly string[]]>([
    ['', []],
    // Blanks that the shell does not know are part of a word, except those of web pages.
    ['a\vb\fc\u2003d', ['a\vb\fc\u2003d']],
    ['a\u00a0b', ['a', 'b']],
    ['  a\tb ', ['a', 'b']],
    ['\'a b\' "c d"', ['a b', 'c d']],
    ['a\'b\'"c"d', ['abcd']],
    ["''", ['']],
    ['a\\ b', ['a b']],
    ['a \\\n b', ['a', 'b']],
    ['a\\\nb', ['ab']],
    ['"a\\"b\\\\c\\d\\$e\\\nf"', ['a"b\\c\\d$ef']],
    ["'a\\b$c'", ['a\\b$c']],
    ['a|b||c&&d;e&f', ['a', '|', 'b', '||', 'c', '&&', 'd', ';', 'e', '&', 'f']],
    ['a <<< b', ['a', '<<<', 'b']],
    ['a\nb', ['a', '\n', 'b']],
    ['a > b < c', ['a', '>', 'b', '<', 'c']],
    ['$(aws ecr get) x', ['$(aws ecr get)', 'x']],
    ['$(a $(b c) d)', ['$(a $(b c) d)']],
    ['`a b` c', ['`a b`', 'c']],
    ['a\\', ['a']],
  ])('splits %j', (text, expected) => {
    expect(words(text)).toEqual(expected);
  });

  it.each(["'a", '"a', 'a "b\\"', '$(a', '`a'])('does not read on behind an open %j', (text) => {
    expect(words(text)).toBeNull();
  });

  it('marks words that stand for something else', () => {
    expect(expansions(`$A \${B} $(c) \`d\` "$E" "\${F}"`)).toEqual(new Array(6).fill(true));
    expect(expansions('\'$A\' \\$B pa$C $ $1 "\\$D" |')).toEqual(new Array(7).fill(false));
  });

  it('reads a single-quoted text back unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const quoted = `'${text.replaceAll("'", `'"'"'`)}'`;
        expect(words(quoted)).toEqual([text]);
      }),
    );
  });

  it('ends on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(splitShellWords(text)?.length ?? 0).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});
