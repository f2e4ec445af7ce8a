import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  effectiveTag,
  formatFamiliar,
  formatNormalized,
  type ImageReference,
  isSameReference,
  parseImageReference,
  repositoryName,
} from './image-reference.js';

const hex64 = '0123456789abcdef'.repeat(4);
const digest = `sha256:${hex64}`;

function parse(text: string): ImageReference {
  const parsed = parseImageReference(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.error.code}`);
  return parsed.value;
}

function refusal(text: string): { code: string; suggestion: string | undefined } {
  const parsed = parseImageReference(text);
  if (parsed.ok) throw new Error(`accepted: ${text}`);
  return { code: parsed.error.code, suggestion: parsed.error.suggestion };
}

describe('reading', () => {
  // text, normalised, familiar: the expectations of distribution/reference v0.6.0.
  it.each<[string, string, string]>([
    ['nginx', 'docker.io/library/nginx:latest', 'nginx'],
    ['nginx:1.27', 'docker.io/library/nginx:1.27', 'nginx:1.27'],
    ['library/nginx', 'docker.io/library/nginx:latest', 'nginx'],
    ['docker.io/nginx', 'docker.io/library/nginx:latest', 'nginx'],
    ['docker.io/library/nginx', 'docker.io/library/nginx:latest', 'nginx'],
    ['index.docker.io/nginx', 'docker.io/library/nginx:latest', 'nginx'],
    ['index.docker.io/library/nginx', 'docker.io/library/nginx:latest', 'nginx'],
    ['bitnami/redis', 'docker.io/bitnami/redis:latest', 'bitnami/redis'],
    ['docker.io/library/foo/bar', 'docker.io/library/foo/bar:latest', 'library/foo/bar'],
    ['registry-1.docker.io/x', 'registry-1.docker.io/x:latest', 'registry-1.docker.io/x'],
    [
      'registry.hub.docker.com/a/b',
      'registry.hub.docker.com/a/b:latest',
      'registry.hub.docker.com/a/b',
    ],
    ['docker.io:443/x', 'docker.io:443/x:latest', 'docker.io:443/x'],
    ['example.com', 'docker.io/library/example.com:latest', 'example.com'],
    ['localhost', 'docker.io/library/localhost:latest', 'localhost'],
    ['localhost:5000', 'docker.io/library/localhost:5000', 'localhost:5000'],
    ['foo:5000', 'docker.io/library/foo:5000', 'foo:5000'],
    ['localhost/app', 'localhost/app:latest', 'localhost/app'],
    ['localhost:5000/app', 'localhost:5000/app:latest', 'localhost:5000/app'],
    ['harbor/app', 'docker.io/harbor/app:latest', 'harbor/app'],
    ['harbor:443/app', 'harbor:443/app:latest', 'harbor:443/app'],
    ['ghcr.io/team/app:v1', 'ghcr.io/team/app:v1', 'ghcr.io/team/app:v1'],
    ['Foo/bar', 'Foo/bar:latest', 'Foo/bar'],
    ['nginx:1/2', 'nginx:1/2:latest', 'nginx:1/2'],
    ['GHCR.io/team/app', 'GHCR.io/team/app:latest', 'GHCR.io/team/app'],
    ['10.0.0.1:5000/a', '10.0.0.1:5000/a:latest', '10.0.0.1:5000/a'],
    ['[::1]:5000/app', '[::1]:5000/app:latest', '[::1]:5000/app'],
    ['[2001:db8::1]/app', '[2001:db8::1]/app:latest', '[2001:db8::1]/app'],
    [
      'xn--n3h.com/myimage:xn--n3h.com',
      'xn--n3h.com/myimage:xn--n3h.com',
      'xn--n3h.com/myimage:xn--n3h.com',
    ],
    ['a/b__c/d--e/f.g', 'docker.io/a/b__c/d--e/f.g:latest', 'a/b__c/d--e/f.g'],
    [`nginx@${digest}`, `docker.io/library/nginx@${digest}`, `nginx@${digest}`],
    [`nginx:1.27@${digest}`, `docker.io/library/nginx@${digest}`, `nginx:1.27@${digest}`],
    [
      `x@sha512:${hex64}${hex64}`,
      `docker.io/library/x@sha512:${hex64}${hex64}`,
      `x@sha512:${hex64}${hex64}`,
    ],
    [
      `q.io/x@sha384:${hex64}${hex64.slice(32)}`,
      `q.io/x@sha384:${hex64}${hex64.slice(32)}`,
      `q.io/x@sha384:${hex64}${hex64.slice(32)}`,
    ],
    [`${hex64}:tag`, `docker.io/library/${hex64}:tag`, `${hex64}:tag`],
    [`docker.io/${hex64}`, `docker.io/library/${hex64}:latest`, `docker.io/library/${hex64}`],
  ])('reads %s', (text, normalized, familiar) => {
    const reference = parse(text);
    expect(formatNormalized(reference)).toBe(normalized);
    expect(formatFamiliar(reference)).toBe(familiar);
  });

  it('keeps docker.io where dropping it would name another registry', () => {
    expect(formatFamiliar(parse('docker.io/foo.bar/baz'))).toBe('docker.io/foo.bar/baz');
    expect(formatFamiliar(parse('docker.io/localhost/baz'))).toBe('docker.io/localhost/baz');
  });

  it('keeps tag and digest apart and gives both back', () => {
    expect(parse(`ghcr.io/a/b:v1@${digest}`)).toEqual({
      registry: 'ghcr.io',
      repository: 'a/b',
      tag: 'v1',
      digest,
    });
    expect(parse('nginx')).toMatchObject({ tag: null, digest: null });
  });

  it('names the tag that a pull asks for', () => {
    expect(effectiveTag(parse('nginx'))).toBe('latest');
    expect(effectiveTag(parse('nginx:1'))).toBe('1');
    expect(effectiveTag(parse(`nginx:1@${digest}`))).toBeNull();
  });

  it('names the repository as pull secrets are matched', () => {
    expect(repositoryName(parse('nginx:1'))).toBe('docker.io/library/nginx');
  });

  it('accepts a repository path of 255 and a tag of 128 characters, and no more', () => {
    expect(parse(`q.io/${'a'.repeat(255)}:${'t'.repeat(128)}`).tag).toHaveLength(128);
    expect(refusal(`q.io/${'a'.repeat(256)}`).code).toBe('reference.repository-too-long');
    expect(refusal(`q.io/a:${'t'.repeat(129)}`).code).toBe('reference.tag-too-long');
    // `library/` counts.
    expect(refusal('a'.repeat(248)).code).toBe('reference.repository-too-long');
  });
});

describe('refusing', () => {
  it.each<[string, string, string | undefined]>([
    ['', 'reference.empty', undefined],
    ['  ', 'reference.empty', undefined],
    [' nginx', 'reference.whitespace', 'nginx'],
    ['nginx\n', 'reference.whitespace', 'nginx'],
    ['my image', 'reference.whitespace', undefined],
    ['https://ghcr.io/a/b', 'reference.scheme', 'ghcr.io/a/b'],
    ['docker://nginx', 'reference.scheme', 'nginx'],
    ['https://', 'reference.scheme', undefined],
    [hex64, 'reference.bare-identifier', undefined],
    ['Nginx', 'reference.upper-case', 'nginx'],
    ['ghcr.io/Team/App:V1', 'reference.upper-case', 'ghcr.io/team/app:V1'],
    ['Docker/Docker', 'reference.upper-case', 'Docker/docker'],
    ['foo_bar.com/x', 'reference.bad-registry', undefined],
    ['-foo.com/x', 'reference.bad-registry', undefined],
    ['foo.com:port/x', 'reference.bad-registry', undefined],
    ['foo.com:/x', 'reference.bad-registry', undefined],
    ['foo..com/x', 'reference.bad-registry', undefined],
    ['docker.io./x', 'reference.bad-registry', undefined],
    ['[fe80::1%eth0]/x', 'reference.bad-registry', undefined],
    ['[::ffff:1.2.3.4]/x', 'reference.bad-registry', undefined],
    ['user:secret@ghcr.io/x', 'reference.bad-registry', undefined],
    ['/nginx', 'reference.bad-repository', undefined],
    ['ghcr.io/', 'reference.bad-repository', undefined],
    ['ghcr.io//a', 'reference.bad-repository', undefined],
    ['ghcr.io/a/', 'reference.bad-repository', undefined],
    ['ghcr.io/../etc/passwd', 'reference.bad-repository', undefined],
    ['ghcr.io/a/..%2f', 'reference.bad-repository', undefined],
    ['ghcr.io/a\0b', 'reference.bad-repository', undefined],
    ['ghcr.io/%2e%2e/a', 'reference.bad-repository', undefined],
    ['a..b', 'reference.bad-repository', undefined],
    ['a___b', 'reference.bad-repository', undefined],
    ['a.-b', 'reference.bad-repository', undefined],
    ['-a', 'reference.bad-repository', undefined],
    ['ä/b', 'reference.bad-repository', undefined],
    ['nginx:', 'reference.bad-tag', undefined],
    ['nginx:-x', 'reference.bad-tag', undefined],
    ['nginx:a:b', 'reference.bad-tag', undefined],
    ['Nginx@', 'reference.upper-case', undefined],
    ['nginx@', 'reference.bad-digest', undefined],
    ['nginx@sha256:abc', 'reference.bad-digest', undefined],
    [`nginx@${digest}@${digest}`, 'reference.bad-digest', undefined],
    [`nginx@${digest.slice(0, -1)}`, 'reference.bad-digest', undefined],
    [`nginx@${digest}0`, 'reference.bad-digest', undefined],
    [`nginx@sha256:${hex64.toUpperCase()}`, 'reference.bad-digest', undefined],
    [`nginx@SHA256:${hex64}`, 'reference.digest-unsupported', undefined],
    [`nginx@md5:${hex64.slice(0, 32)}`, 'reference.digest-unsupported', undefined],
    ['a'.repeat(4097), 'reference.too-long', undefined],
  ])('refuses %j', (text, code, suggestion) => {
    expect(refusal(text)).toEqual({ code, suggestion });
  });

  it('cuts a long offending part', () => {
    const parsed = parseImageReference(`ghcr.io/${'A_'.repeat(200)}`);
    expect(parsed.ok ? '' : parsed.error.part).toHaveLength(80);
  });

  it('suggests only names that it would accept', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii', maxLength: 40 }), (text) => {
        const parsed = parseImageReference(text);
        if (parsed.ok || parsed.error.suggestion === undefined) return;
        if (parsed.error.code !== 'reference.upper-case') return;
        expect(parseImageReference(parsed.error.suggestion).ok).toBe(true);
      }),
    );
  });
});

const component = fc.stringMatching(/^[a-z0-9]{1,8}(?:(?:\.|_|__|-{1,3})[a-z0-9]{1,6}){0,2}$/);
const host = fc.stringMatching(/^[A-Za-z0-9]{1,6}(?:\.[a-z0-9]{1,6}){1,2}(?::[0-9]{1,5})?$/);
const references = fc
  .record({
    registry: fc.oneof(host, fc.constantFrom('docker.io', 'localhost', '[::1]:5000', 'Reg')),
    path: fc.array(component, { minLength: 1, maxLength: 4 }),
    tag: fc.option(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,12}$/)),
    digest: fc.option(fc.constant(digest)),
  })
  .map(({ registry, path, tag, digest: hash }): ImageReference => {
    const official = registry === 'docker.io' && path.length === 1;
    return {
      registry,
      repository: (official ? ['library', ...path] : path).join('/'),
      tag,
      digest: hash,
    };
  });

describe('properties', () => {
  it('parses what it formats to the same reference', () => {
    fc.assert(
      fc.property(references, (reference) => {
        const again = parse(formatFamiliar(reference));
        expect(isSameReference(again, reference)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('normalises a normalised name to itself', () => {
    fc.assert(
      fc.property(references, (reference) => {
        const once = formatNormalized(reference);
        expect(formatNormalized(parse(once))).toBe(once);
      }),
      { numRuns: 2000 },
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(typeof parseImageReference(text).ok).toBe('boolean');
      }),
    );
  });
});
