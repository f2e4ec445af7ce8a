import { describe, expect, test } from 'vitest';
import { applyRewrite, chooseRewrite, unknownReplacementGroups } from './rewrite.js';
import { isPortableRule, portablePattern, viewThroughToml } from './rewrite-portability.js';

describe('applyRewrite', () => {
  // Expected values are what Go's regexp.ReplaceAllString gives for the same three strings.
  test.each([
    ['(.*)', 'docker/$1', 'library/busybox', 'docker/library/busybox'],
    ['.*', 'x', 'abc', 'x'],
    ['b*', 'x', 'abc', 'xaxcx'],
    ['a*', '<$0>', 'baac', '<>b<aa>c<>'],
    ['', '-', 'ab', '-a-b-'],
    ['a*', 'x', '', 'x'],
    ['^', 'proxy/', 'library/nginx', 'proxy/library/nginx'],
    ['$', '/end', 'library/nginx', 'library/nginx/end'],
    [
      '^rancher/(.*)',
      'mirrorproject/rancher-images/$1',
      'rancher/pause',
      'mirrorproject/rancher-images/pause',
    ],
    ['rancher', 'r', 'rancher/rancher', 'r/r'],
    ['^(a)(b)?', '[$1][$2][$3]', 'ac', '[a][][]c'],
    ['(a)', '$1_x', 'a', ''],
    ['(a)', '$1x', 'a', ''],
    ['(a)', `\${1}x`, 'a', 'ax'],
    ['(a)', `\${1x`, 'a', `\${1x`],
    ['(a)', '$$1', 'a', '$1'],
    ['(a)', '$', 'a', '$'],
    ['(a)', '$-', 'a', '$-'],
    ['(a)', '\\1$&', 'a', '\\1$&'],
    ['(a)', '$01', 'a', ''],
    ['(?P<name>a)', '$name!', 'a', 'a!'],
    ['(?<name>a)', `\${name}b`, 'a', 'ab'],
    ['(?i)LIBRARY', 'lib', 'library/x', 'lib/x'],
    ['[[:alpha:]]+/', 'm/', 'library/x1', 'm/x1'],
    ['\\Qa.b\\E', 'x', 'a.b/aXb', 'x/aXb'],
    ['\\bnginx\\b', 'n', 'nginx/nginx-x', 'n/n-x'],
    ['^library/', '', 'library/nginx', 'nginx'],
  ])('%j with replacement %j turns %j into %j', (pattern, replacement, input, expected) => {
    expect(applyRewrite({ pattern, replacement }, input).result).toBe(expected);
  });

  test.each(['(?=a)', '(?!a)', '(?<=a)b', '(?>a)', 'a++', '(a)\\1', 'a{1001}', '(', '*', '\\Z'])(
    'does not compile %j and leaves the name as it is',
    (pattern) => {
      const outcome = applyRewrite({ pattern, replacement: 'x' }, 'a/b');
      expect(outcome).toMatchObject({ result: 'a/b', changed: false, compiles: false });
      expect(outcome.error).not.toBeNull();
    },
  );

  test.each([
    'a{1000}'.repeat(3),
    `(${'ab?'.repeat(300)}){1000}`,
    '(((a?){10}){10}){10}'.repeat(2),
    '(a?){200}',
    'a{1000}',
  ])('does not try %.30j, which grows beyond measure when compiled', (pattern) => {
    const before = performance.now();
    const outcome = applyRewrite({ pattern, replacement: 'x' }, 'a');
    expect(outcome).toMatchObject({ changed: false, compiles: false });
    expect(performance.now() - before).toBeLessThan(50);
  });

  test.each(['[a-z0-9._-]{1,255}', '^([a-z0-9-]{1,63}/){3}', '[0-9a-f]{64}'])(
    'tries %j, which a name can have',
    (pattern) => {
      expect(applyRewrite({ pattern, replacement: 'x' }, 'a/b').compiles).toBe(true);
    },
  );

  test('bounds the length of a result', () => {
    const rule = { pattern: '.', replacement: '$0$0'.repeat(500) };
    expect(applyRewrite(rule, 'a'.repeat(255)).result.length).toBeLessThanOrEqual(65_536);
  });
});

describe('chooseRewrite', () => {
  const rules = [
    { pattern: '^library/(.*)', replacement: 'library/$1' },
    { pattern: '^library/', replacement: 'a/' },
    { pattern: 'nginx$', replacement: 'n' },
  ];

  test('passes over a rule whose output equals its input', () => {
    expect(chooseRewrite(rules, 'library/redis')).toMatchObject({ result: 'a/redis' });
  });

  test('names the other results when two rules change one name', () => {
    expect(chooseRewrite(rules, 'library/nginx')).toMatchObject({
      result: 'a/nginx',
      otherResults: ['library/n'],
    });
  });

  test('keeps the name that no rule changes', () => {
    expect(chooseRewrite(rules, 'team/app')).toEqual({
      result: 'team/app',
      rule: null,
      otherResults: [],
    });
  });
});

test('finds references to groups that the pattern does not have', () => {
  const rule = { pattern: '^(a)(?P<rest>.*)', replacement: '$1_x/$2/$3/$rest/$0' };
  expect(unknownReplacementGroups(rule)).toEqual(['1_x', '3']);
});

describe('viewThroughToml', () => {
  test.each([
    ['^rancher/(.*)', true, '^rancher/(.*)'],
    ['^rancher\\.io/', false, null],
    ['\\d+', false, null],
    ['\\bnginx', true, '\bnginx'],
    ['a\\tb', true, 'a\tb'],
    ['\\u0041', true, 'A'],
    ['a\\\\.b', true, 'a\\.b'],
    ['a"b', false, null],
    ['a\nb', false, null],
  ])('reads the pattern %j: parses %s as %j', (pattern, parses, patternSeen) => {
    expect(viewThroughToml({ pattern, replacement: 'x' })).toMatchObject({ parses, patternSeen });
  });

  test('sees a backslash in the replacement as well', () => {
    expect(isPortableRule({ pattern: 'a', replacement: '\\1' })).toBe(false);
  });
});

test.each([
  ['^rancher\\.io/', '^rancher[.]io/'],
  ['^\\d+\\/x\\-y', '^[0-9]+/x-y'],
  ['[\\w.]+', '[0-9A-Za-z_.]+'],
  ['\\Aa\\z', '^a$'],
  ['\\bnginx', null],
  ['\\^', null],
  ['a"b', null],
])('the portable form of %j is %j', (pattern, expected) => {
  expect(portablePattern(pattern)).toBe(expected);
});
