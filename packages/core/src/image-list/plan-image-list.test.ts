import { describe, expect, test } from 'vitest';
import { splitShellWords } from '../shell-words.js';
import { type ImageListPlan, planImageList } from './plan-image-list.js';

const digest = `sha256:${'a'.repeat(64)}`;

function plan(document: string, target = 'reg.example.com:5000'): ImageListPlan {
  const planned = planImageList({ document, target });
  if (!planned.ok) throw new Error(planned.error.detail);
  return planned.value;
}
const copiesOf = (document: string, target?: string) =>
  plan(document, target).images.map(({ line, source, target: to }) => [line, source, to]);
const problemsOf = (document: string, target?: string) =>
  plan(document, target).problems.map(({ line, code }) => `${line} ${code}`);

describe('a list', () => {
  test('is read as K3s publishes it: blank lines, comments, CRLF and a byte order mark are no matter', () => {
    const list =
      '\ufeffdocker.io/rancher/klipper-helm:v0.9.8\r\n\r\n# a comment\r\n  docker.io/rancher/mirrored-pause:3.6  # why\r\n\t\nnginx\rquay.io/a/b:1';
    expect(copiesOf(list)).toEqual([
      [
        1,
        'docker.io/rancher/klipper-helm:v0.9.8',
        'reg.example.com:5000/rancher/klipper-helm:v0.9.8',
      ],
      [
        4,
        'docker.io/rancher/mirrored-pause:3.6',
        'reg.example.com:5000/rancher/mirrored-pause:3.6',
      ],
      [6, 'docker.io/library/nginx:latest', 'reg.example.com:5000/library/nginx:latest'],
      [7, 'quay.io/a/b:1', 'reg.example.com:5000/a/b:1'],
    ]);
    expect(problemsOf(list)).toEqual([]);
  });

  test('keeps digests; with a tag beside it the copy gets the tag', () => {
    const list = `a.io/x@${digest}\na.io/y:1@${digest}\n`;
    expect(copiesOf(list, 'r.io/m').map(([, , target]) => target)).toEqual([
      `r.io/m/x@${digest}`,
      'r.io/m/y:1',
    ]);
    expect(plan(list, 'r.io/m').script).toContain(`copy 'a.io/y@${digest}' 'r.io/m/y:1'`);
  });

  test('counts what it names twice, however it is spelt', () => {
    const { images, duplicates, problems } = plan(
      'nginx\ndocker.io/library/nginx:latest\nindex.docker.io/nginx\nnginx:1\n',
    );
    expect([images.length, duplicates, problems.length]).toEqual([2, 2, 0]);
  });

  test.each<[string, string]>([
    ['https://a.io/x', 'reference.scheme'],
    ['a.io/X', 'reference.upper-case'],
    ['a.io/x:', 'reference.bad-tag'],
    ['a.io/x@sha256:1', 'reference.bad-digest'],
    ['a.io/x b', 'image-list.blanks'],
    ['a.io/x;rm -rf /', 'image-list.blanks'],
    ['a.io/x;reboot', 'reference.bad-repository'],
    ["a.io/x'$(id)'", 'reference.bad-repository'],
    ['reg.example.com:5000/x:1', 'image-list.is-on-target'],
    ['Foo/bar', 'image-list.registry-has-no-mirror'],
    ['registry-1.docker.io/x', 'image-list.registry-has-no-mirror'],
  ])('%s is a problem with its line: %s', (line, code) => {
    const list = `nginx\n${line}\n`;
    expect(problemsOf(list)).toEqual([`2 ${code}`]);
    expect(plan(list).images).toHaveLength(1);
  });

  test('two registries cannot have one name at the target', () => {
    expect(problemsOf('a.io/x:1\nb.io/x:1\nb.io/x:2\n')).toEqual(['2 image-list.target-taken']);
  });

  test('a name that is too long below the path is told', () => {
    const list = `a.io/${'x'.repeat(250)}\n`;
    expect(problemsOf(list, 'r.io')).toEqual([]);
    expect(problemsOf(list, 'r.io/mirror')).toEqual(['1 image-list.target-too-long']);
  });

  test('a login in a line is not repeated', () => {
    expect(JSON.stringify(plan('https://user:planted@a.io/x\n'))).not.toContain('planted');
  });

  test('what is no list is not read to its end', () => {
    const { problems } = plan('a b\n'.repeat(10_000));
    expect(problems).toHaveLength(501);
    expect(problems.at(-1)).toMatchObject({ line: 500, code: 'image-list.too-many-problems' });
    const many = plan(Array.from({ length: 6000 }, (_, i) => `a.io/x${i}`).join('\n'));
    expect(many.images).toHaveLength(5000);
    expect(many.problems).toMatchObject([{ line: 5001, code: 'image-list.too-many-images' }]);
  });
});

describe('the target', () => {
  test.each<[string, string, string, object[]]>([
    ['r.io', 'r.io/a/x:1', 'https://r.io', []],
    ['http://r.io:5000', 'r.io:5000/a/x:1', 'http://r.io:5000', []],
    [
      'https://R.io/m/n/',
      'r.io/m/n/a/x:1',
      'https://r.io',
      [{ pattern: '^(.*)$', replacement: 'm/n/$1' }],
    ],
    [
      'docker.io/acme',
      'docker.io/acme/a/x:1',
      'https://registry-1.docker.io',
      [{ pattern: '^(.*)$', replacement: 'acme/$1' }],
    ],
  ])('%s takes %s, and a mirror at %s', (target, copy, endpoint, rewrites) => {
    const { images, mirrors } = plan('q.io/a/x:1\nq.io/b/y\ng.io/z\n', target);
    expect(images[0]?.target).toBe(copy);
    expect(mirrors).toEqual(
      ['g.io', 'q.io'].map((registry) => ({ registry, endpoints: [endpoint], rewrites })),
    );
  });

  test.each(['', 'reg', 'user:planted@r.io', 'r.io/UP/$(id)', 'r.io?x'])(
    '%j is refused',
    (target) => {
      const planned = planImageList({ document: 'nginx', target });
      expect(planned.ok).toBe(false);
      expect(JSON.stringify(planned)).not.toContain('planted');
    },
  );
});

describe('the script', () => {
  test('copies each image once, as words of the shell', () => {
    const { script } = plan(`nginx:1\na.io/x@${digest}\n`, 'http://r.io/m');
    const commands = script
      .split('\n')
      .filter((line) => line.startsWith('copy '))
      .map((line) => splitShellWords(line)?.map(({ text }) => text));
    expect(commands).toEqual([
      ['copy', 'docker.io/library/nginx:1', 'r.io/m/library/nginx:1'],
      ['copy', `a.io/x@${digest}`, `r.io/m/x@${digest}`],
    ]);
    expect(script).toContain('--dest-tls-verify=false');
  });

  test('of an empty list copies nothing', () => {
    expect(plan('# nothing\n')).toMatchObject({ images: [], mirrors: [], duplicates: 0 });
  });
});
