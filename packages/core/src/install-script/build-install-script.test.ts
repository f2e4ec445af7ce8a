import { describe, expect, test } from 'vitest';
import { nodeConfigFormats } from '../node-config/build-node-config.js';
import { quoteShell } from '../quote-shell.js';
import { splitShellWords } from '../shell-words.js';
import { buildInstallScript } from './build-install-script.js';

const file = (content: string, path = '/etc/rancher/k3s/registries.yaml') =>
  ({ path, mode: '0600', content }) as const;
const build = (content: string, path?: string) =>
  buildInstallScript({
    environment: 'default',
    format: 'k3s-registries.yaml',
    restart: 'k3s',
    files: [file(content, path)],
  });

describe('a file in the script', () => {
  test('stands there as it is, line by line', () => {
    const content = 'a: "$HOME `id` \\n"\n  b: \'x\'\n\n';
    expect(build(content)).toContain(`<<'MOORAGE_END'\n${content}MOORAGE_END\n`);
  });

  test('cannot end its own here-document', () => {
    const content = 'MOORAGE_END\nMOORAGE_END_1\nrm -rf /\n';
    expect(build(content)).toContain(`<<'MOORAGE_END_2'\n${content}MOORAGE_END_2\n`);
  });

  test('gets the end of its last line', () => {
    expect(build('a: b')).toContain("<<'MOORAGE_END'\na: b\nMOORAGE_END\n");
  });

  test('has a place whose name is no command', () => {
    const words = splitShellWords(build('x\n', "/etc/$(id)/a'b;c")) ?? [];
    expect(words).toContainEqual(
      expect.objectContaining({ kind: 'word', text: "$root/etc/$(id)/a'b;c" }),
    );
  });
});

test('does nothing until its last line, so a script that was cut off does nothing', () => {
  const lines = build('a: b\n').split('\n');
  expect(lines.slice(-3)).toEqual(['}', 'main "$@"', '']);
  const commands = lines.filter((line) => /^(?:install_file|check_place) /.test(line));
  expect(commands.every((line) => lines.indexOf(line) > lines.indexOf('main() {'))).toBe(true);
});

test.each(nodeConfigFormats)('%s: says how to apply it and does not do it', (format) => {
  for (const restart of ['live', 'containerd', 'k3s'] as const) {
    const script = buildInstallScript({ environment: 'e', format, restart, files: [file('x\n')] });
    const restarts = script.split('\n').filter((line) => /systemctl|kubectl|restart/.test(line));
    expect(restarts.filter((line) => !/^(?:say '|#)/.test(line))).toEqual([]);
    expect(script).toMatch(/^say '/m);
  }
});

describe('quoteShell', () => {
  test.each(['', 'a b', "it's", '$(id)', '`id`', 'a\nb', '"', '\\', "''", '!;&|<>*?[]{}~#'])(
    '%j is one word, as it was',
    (text) => {
      expect(splitShellWords(quoteShell(text))).toEqual([
        expect.objectContaining({ kind: 'word', text, isExpansion: false }),
      ]);
    },
  );

  test('drops what no word can hold', () => {
    expect(quoteShell('a\0b')).toBe("'ab'");
  });
});
