import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchDockerConfigKeys } from './credential-match.js';

function match(keys: readonly string[], image: string): readonly string[] {
  const matched = matchDockerConfigKeys(keys, image);
  if (!matched.ok) throw new Error(matched.error.code);
  return matched.value;
}

const hex64 = 'ab'.repeat(32);

describe('one key', () => {
  it.each<[string, string, boolean]>([
    // Docker Hub and its fallback
    ['https://index.docker.io/v1/', 'nginx', true],
    ['https://index.docker.io/v1/', 'docker.io/team/app', true],
    ['https://index.docker.io/v1/', 'index.docker.io/team/app', true],
    ['https://index.docker.io/v1', 'nginx', false],
    ['https://index.docker.io/v2/', 'nginx', true],
    ['index.docker.io', 'nginx', true],
    ['index.docker.io/', 'nginx', true],
    ['docker.io', 'nginx', true],
    ['https://docker.io', 'nginx', true],
    ['docker.io/library', 'nginx', true],
    ['docker.io/team-a/', 'docker.io/team-a/app', true],
    ['docker.io/team-a/', 'docker.io/team-ab/app', false],
    ['https://registry-1.docker.io', 'nginx', false],
    ['registry-1.docker.io', 'registry-1.docker.io/library/nginx', true],
    ['registry.hub.docker.com', 'nginx', false],
    ['https://index.docker.io/v1/', 'ghcr.io/a/b', false],
    ['https://index.docker.io/v1/', 'registry-1.docker.io/a/b', false],
    // globs
    ['*.example.com', 'a.example.com/app', true],
    ['*.example.com', 'example.com/app', false],
    ['*.example.com', 'a.b.example.com/app', false],
    ['*.*.example.com', 'a.b.example.com/app', true],
    // Go's URL parser takes `?` for the start of a query, so this glob never works.
    ['reg?.example.com', 'reg1.example.com/app', false],
    ['reg[0-4].example.com', 'reg3.example.com/app', false],
    ['reg1*.example.com', 'reg12.example.com/app', true],
    ['*1.example.com', 'reg12.example.com/app', false],
    ['reg[0.example.com', 'reg0.example.com/app', false],
    ['*', 'localhost/app', true],
    ['*', 'example.com/app', false],
    ['example.com/*', 'example.com/app', false],
    // ports
    ['registry.example.com', 'registry.example.com:5000/app', false],
    ['registry.example.com:5000', 'registry.example.com:5000/app', true],
    ['registry.example.com:443', 'registry.example.com/app', false],
    ['registry.example.com:*', 'registry.example.com:5000/app', false],
    ['registry.example.com:', 'registry.example.com/app', true],
    ['[::1]:5000', '[::1]:5000/app', true],
    // Go keeps the brackets when there is no port, and then globs them as a character class.
    ['[::1]', '[::1]/app', false],
    // scheme and API path
    ['http://registry.example.com', 'registry.example.com/app', true],
    ['HTTPS://registry.example.com', 'registry.example.com/app', false],
    ['https://registry.example.com/v2', 'registry.example.com/app', false],
    ['https://registry.example.com/v2/', 'registry.example.com/app', true],
    ['https://registry.example.com/v1/', 'registry.example.com/app', true],
    ['https://registry.example.com/v1/team', 'registry.example.com/team/app', true],
    ['https://registry.example.com/v3/', 'registry.example.com/app', false],
    // paths are plain prefixes
    ['quay.io/core', 'quay.io/coreos/etcd', true],
    ['quay.io/core/', 'quay.io/coreos/etcd', false],
    ['quay.io/coreos/etcd', `quay.io/coreos/etcd:v3@sha256:${hex64}`, true],
    ['quay.io/coreos/etcd:v3', 'quay.io/coreos/etcd:v3', false],
    ['quay.io//coreos', 'quay.io/coreos/etcd', false],
    ['quay.io/%63oreos', 'quay.io/coreos/etcd', true],
    ['quay.io/%zz', 'quay.io/coreos/etcd', false],
    ['quay.io/coreos?x=/y', 'quay.io/coreos/etcd', true],
    ['quay.io#x', 'quay.io/coreos/etcd', true],
    // case, user info and junk
    ['Quay.io', 'quay.io/a', false],
    ['quay.io', 'Quay.io/a', false],
    ['quay.io.', 'quay.io/a', false],
    ['user@quay.io', 'quay.io/a', true],
    ['quay.io.evil.example', 'quay.io/a', false],
    ['evil-quay.io', 'quay.io/a', false],
    ['quay.io:x', 'quay.io/a', false],
    ['quay .io', 'quay.io/a', false],
    ['quay.io\n', 'quay.io/a', false],
    ['quay.io\u007f', 'quay.io/a', false],
    ['[quay.io', 'quay.io/a', false],
    ['a:b:1', 'quay.io/a', false],
    ['', 'quay.io/a', false],
    ['/', 'quay.io/a', false],
  ])('key %j, image %s: %s', (key, image, matched) => {
    expect(match([key], image)).toEqual(matched ? [key] : []);
  });
});

describe('several keys', () => {
  it('tries all matches, longer paths of a host first', () => {
    expect(match(['quay.io', 'ghcr.io', 'quay.io/coreos'], 'quay.io/coreos/etcd')).toEqual([
      'quay.io/coreos',
      'quay.io',
    ]);
  });

  it('orders by the whole key, so a glob comes after a name', () => {
    expect(match(['*.example.com/team', 'a.example.com'], 'a.example.com/team/app')).toEqual([
      'a.example.com',
      '*.example.com/team',
    ]);
  });

  it('orders by what is left of a key, not by what was written', () => {
    expect(match(['https://quay.io/v1/', 'quay.io/a', 'http://quay.io'], 'quay.io/a/b')).toEqual([
      'quay.io/a',
      'https://quay.io/v1/',
      'http://quay.io',
    ]);
  });

  it('falls back to index.docker.io only when nothing else matched', () => {
    const hub = 'https://index.docker.io/v1/';
    expect(match([hub, 'docker.io'], 'nginx')).toEqual(['docker.io']);
    expect(match([hub, 'docker.io/team/'], 'nginx')).toEqual([hub]);
    expect(match([hub, 'docker.io/team/'], 'team/app')).toEqual(['docker.io/team/']);
    expect(match([hub, 'index.docker.io'], 'nginx')).toEqual([hub, 'index.docker.io']);
  });

  it('reports an image that is none', () => {
    expect(matchDockerConfigKeys(['quay.io'], 'Not An Image')).toMatchObject({
      ok: false,
      error: { code: 'reference.whitespace' },
    });
  });
});

const label = fc.stringMatching(/^[a-z0-9]{1,6}$/);

describe('properties', () => {
  it('gives no credential to a host that is not exactly the key', () => {
    fc.assert(
      fc.property(label, label, label, (a, b, c) => {
        const key = `${a}.${b}`;
        for (const host of [
          `${key}.${c}`,
          `${c}.${key}`,
          `${c}-${key}`,
          `${key}-${c}`,
          `${key}:5000`,
        ]) {
          expect(match([key], `${host}/app`)).toEqual([]);
        }
        expect(match([key], `${key}/app`)).toEqual([key]);
      }),
    );
  });

  it('does not depend on the order of different keys', () => {
    const keys = fc.uniqueArray(
      fc.constantFrom('quay.io', 'quay.io/a', 'quay.io/a/b', '*.io', 'quay.io/ab'),
    );
    fc.assert(
      fc.property(keys, (list) => {
        const image = 'quay.io/a/b/c';
        expect(match(list, image)).toEqual(match(list.toReversed(), image));
      }),
    );
  });

  it('never throws on whatever a key holds', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (keys) => {
        expect(match(keys, 'quay.io/a').length).toBeLessThanOrEqual(keys.length);
      }),
    );
  });
});
