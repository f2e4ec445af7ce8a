import { describe, expect, it } from 'vitest';
import { findRestartNeed, readAtStart } from './restart-need.js';

const login = (password: string) =>
  `configs:\n  "r.example.com":\n    auth:\n      username: "u"\n      password: "${password}"\n`;
const mirror = (host: string) => `mirrors:\n  "docker.io":\n    endpoint: ["https://${host}"]\n`;

describe('what is read only at a start', () => {
  it.each<[string, string | null, string | null, boolean]>([
    ['a comment', `# one\n${login('a')}`, login('a'), true],
    ['another mirror', mirror('a') + login('a'), mirror('b') + login('a'), true],
    [
      'another certificate',
      `${login('a')}    tls: {ca_file: "/a"}\n`,
      `${login('a')}    tls: {ca_file: "/b"}\n`,
      true,
    ],
    ['another password', login('a'), login('b'), false],
    ['a login more', mirror('a'), login('a'), false],
    ['no file and one without logins', null, mirror('a'), true],
    ['a file that does not load', 'mirrors: [', login('a'), false],
  ])('%s: equal is %s', (_, before, after, isEqual) => {
    expect(readAtStart('k3s', before) === readAtStart('k3s', after)).toBe(isEqual);
  });

  it('is all but comments where containerd reads the file itself', () => {
    expect(readAtStart('containerd', '# a\nversion = 3\n\n')).toBe('version = 3');
  });
});

describe('the need for a restart', () => {
  it.each([
    ['k3s', null, 'a', 'none'],
    ['k3s', 'a', 'a', 'live'],
    ['k3s', 'a', 'b', 'k3s'],
    ['rke2', 'a', 'b', 'k3s'],
    ['containerd', 'a', 'b', 'containerd'],
  ] as const)('on %s with %s read and %s present is %s', (distribution, loaded, present, need) => {
    expect(findRestartNeed({ distribution, loaded, present })).toBe(need);
  });
});
