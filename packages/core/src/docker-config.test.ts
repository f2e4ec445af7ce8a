import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchDockerConfigKeys } from './credential-match.js';
import { scopeContains } from './credential-scope.js';
import {
  type DockerConfig,
  decodeDockerConfig,
  encodeDockerConfig,
  type PullSecretEntry,
  pullSecretKey,
  secretDataMaxBytes,
} from './docker-config.js';
import { SecretText } from './secret-text.js';

function fixture(name: string): DockerConfig {
  const url = new URL(`../fixtures/docker-config/${name}.json`, import.meta.url);
  return decode(readFileSync(url, 'utf8'));
}

function decode(text: string): DockerConfig {
  const decoded = decodeDockerConfig(text);
  if (!decoded.ok) throw new Error(decoded.error.code);
  return decoded.value;
}

function revealed(config: DockerConfig) {
  return config.entries.map(({ key, username, password, identityToken, registryToken }) => [
    key,
    username,
    password?.reveal() ?? null,
    identityToken?.reveal() ?? registryToken?.reveal() ?? null,
  ]);
}

describe('decoding what is found in the wild', () => {
  it.each<[string, DockerConfig['format'], readonly unknown[], readonly string[]]>([
    [
      'kubectl-create',
      'dockerconfigjson',
      [['https://index.docker.io/v1/', 'ci', 's3cret:with:colons', null]],
      [],
    ],
    [
      'docker-login',
      'dockerconfigjson',
      [
        ['ghcr.io', 'octo', 's3cret', null],
        ['https://registry.example.com:5000/v2/', 'üser', 'pä$ß', null],
      ],
      [],
    ],
    [
      'desktop-credential-store',
      'dockerconfigjson',
      [],
      [
        'docker-config.entry-empty',
        'docker-config.entry-empty',
        'docker-config.credential-helper',
        'docker-config.credential-helper',
      ],
    ],
    [
      'azure-identity-token',
      'dockerconfigjson',
      [
        ['team.azurecr.io', '00000000-0000-0000-0000-000000000000', null, 's3cret-refresh'],
        ['bearer.example.com', null, null, 's3cret-bearer'],
      ],
      [],
    ],
    [
      'legacy-dockercfg',
      'dockercfg',
      [['https://quay.io', 'team+robot', 's3cret', null]],
      ['docker-config.credential-helper'],
    ],
    ['portainer', 'dockerconfigjson', [['registry.example.com', 'ci', 's3cret', null]], []],
  ])('reads %s', (name, format, entries, problems) => {
    const config = fixture(name);
    expect(config.format).toBe(format);
    expect(revealed(config)).toEqual(entries);
    expect(config.problems.map(({ code }) => code)).toEqual(problems);
  });

  it('reports each bad entry, keeps the good ones and shows no content', () => {
    const config = fixture('junk');
    expect(config.problems.map(({ code, key }) => [key, code])).toEqual([
      ['a.example', 'docker-config.entry-not-an-object'],
      ['b.example', 'docker-config.entry-not-an-object'],
      ['c.example', 'docker-config.entry-not-an-object'],
      ['d.example', 'docker-config.entry-empty'],
      ['e.example', 'docker-config.auth-not-base64'],
      ['f.example', 'docker-config.auth-without-colon'],
      ['g.example', 'docker-config.password-missing'],
      ['h.example', 'docker-config.username-missing'],
      ['i.example', 'docker-config.field-not-text'],
      ['i.example', 'docker-config.field-not-text'],
      ['i.example', 'docker-config.entry-empty'],
      ['j.example', 'docker-config.auth-differs'],
      ['https://k.example/', 'docker-config.key-with-userinfo'],
      ['l.example', 'docker-config.username-missing'],
    ]);
    expect(revealed(config)).toEqual([
      ['j.example', 'ci', 's3cret', null],
      ['https://k.example/', 'ci', 's3cret', null],
      ['ok.example', 'ci', 's3cret', null],
    ]);
    expect(JSON.stringify(config)).not.toContain('s3cret');
  });

  it.each<[string, string]>([
    ['{"auths": "s3cret', 'docker-config.not-json'],
    ['', 'docker-config.not-json'],
    ['[]', 'docker-config.not-an-object'],
    ['null', 'docker-config.not-an-object'],
    ['"s3cret"', 'docker-config.not-an-object'],
    ['{"auths": []}', 'docker-config.auths-not-an-object'],
    ['{"auths": null}', 'docker-config.auths-not-an-object'],
    [`{"auths": {}}${' '.repeat(secretDataMaxBytes)}`, 'docker-config.too-large'],
  ])('refuses a document that is none', (text, code) => {
    const decoded = decodeDockerConfig(text);
    expect(decoded.ok ? 'accepted' : decoded.error.code).toBe(code);
    expect(JSON.stringify(decoded)).not.toContain('s3cret');
  });

  it('reads client settings without logins as no entry', () => {
    expect(decode('{"psFormat": "x", "HttpHeaders": {}}')).toEqual({
      format: 'dockercfg',
      entries: [],
      problems: [],
    });
    expect(decode('{"auths": {}}').entries).toEqual([]);
  });

  it('prefers auth also when only one of the plain fields differs', () => {
    const auth = btoa('ci:s3cret');
    const same = decode(
      JSON.stringify({ auths: { a: { auth, username: 'ci', password: 's3cret' } } }),
    );
    const other = decode(JSON.stringify({ auths: { a: { auth, username: 'ci', password: 'x' } } }));
    expect(same.problems).toEqual([]);
    expect(other.problems.map(({ code }) => code)).toEqual(['docker-config.auth-differs']);
    expect(other.entries[0]?.password?.reveal()).toBe('s3cret');
  });

  it('cuts a long key in a problem', () => {
    const config = decode(JSON.stringify({ auths: { ['x'.repeat(1000)]: 1 } }));
    expect(config.problems[0]?.key).toHaveLength(300);
  });
});

function entry(key: string, username: string, password: string): PullSecretEntry {
  return { key, username, password: SecretText.of(password) };
}

function encode(entries: readonly PullSecretEntry[]): string {
  const encoded = encodeDockerConfig(entries);
  if (!encoded.ok) throw new Error(encoded.error.code);
  return encoded.value.reveal();
}

describe('encoding', () => {
  it('writes sorted entries with all three fields and nothing between', () => {
    expect(encode([entry('quay.io', 'u', 'p'), entry('ghcr.io/team-a/', 'ü', '"\\ß')])).toBe(
      '{"auths":{"ghcr.io/team-a/":{"username":"ü","password":"\\"\\\\ß","auth":"w7w6IlzDnw=="},' +
        '"quay.io":{"username":"u","password":"p","auth":"dTpw"}}}',
    );
  });

  it('holds an empty auths when nothing is effective', () => {
    expect(encode([])).toBe('{"auths":{}}');
  });

  it('sorts keys that look like numbers as text', () => {
    expect(
      Array.from(
        encode([entry('b', 'u', 'p'), entry('10', 'u', 'p'), entry('9', 'u', 'p')]).matchAll(
          /"(\w+)":\{"user/g,
        ),
        ([, key]) => key,
      ),
    ).toEqual(['10', '9', 'b']);
  });

  it('writes the same bytes in whatever order the entries come, and reads them back', () => {
    const entries = fc.uniqueArray(
      fc.record({
        // Not starting with a digit: JSON.parse puts keys that look like integers first.
        key: fc.stringMatching(/^[a-z][a-z0-9.:/-]{0,20}$/),
        username: fc
          .string({ unit: 'grapheme', minLength: 1 })
          .filter((text) => !text.includes(':')),
        password: fc
          .string({ unit: 'grapheme', minLength: 1 })
          .filter((text) => !text.endsWith('\0')),
      }),
      { selector: ({ key }) => key, maxLength: 8 },
    );
    fc.assert(
      fc.property(entries, fc.infiniteStream(fc.nat()), (list, order) => {
        const made = list.map(({ key, username, password }) => entry(key, username, password));
        const shuffled = made
          .map((value) => ({ value, rank: order.next().value }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ value }) => value);
        const text = encode(made);
        expect(encode(shuffled)).toBe(text);
        const config = decode(text);
        expect(config.problems).toEqual([]);
        expect(revealed(config)).toEqual(
          list
            .map(({ key, username, password }) => [key, username, password, null])
            .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
        );
      }),
    );
  });

  it('refuses what a Secret cannot hold, without showing it', () => {
    const large = encodeDockerConfig([entry('a', 'u', 's3cret'.repeat(100_000))]);
    expect(large).toMatchObject({ ok: false, error: { code: 'docker-config.too-large' } });
    expect(!large.ok && large.error.sizeBytes).toBeGreaterThan(secretDataMaxBytes);
    const twice = encodeDockerConfig([entry('a', 'u', 's3cret'), entry('a', 'v', 's3cret')]);
    expect(twice).toMatchObject({ ok: false, error: { code: 'docker-config.duplicate-key' } });
    const colon = encodeDockerConfig([entry('a', 'u:v', 's3cret')]);
    expect(colon).toMatchObject({ ok: false, error: { code: 'docker-config.username-has-colon' } });
    expect(JSON.stringify([large, twice, colon])).not.toContain('s3cret');
  });

  it('accepts exactly 1 MiB', () => {
    const frame = encode([entry('a', 'u', '')]).length;
    // `u:` and the password are base64 in `auth`: 3 bytes become 4.
    const length = Math.floor(((secretDataMaxBytes - frame) * 3) / 7) - 3;
    expect(encodeDockerConfig([entry('a', 'u', 'p'.repeat(length))]).ok).toBe(true);
    expect(encodeDockerConfig([entry('a', 'u', 'p'.repeat(length + 6))]).ok).toBe(false);
  });
});

describe('pullSecretKey', () => {
  it.each<[string, string, string]>([
    ['docker.io', '', 'https://index.docker.io/v1/'],
    ['docker.io', 'team-a', 'docker.io/team-a/'],
    ['index.docker.io', 'team-a', 'docker.io/team-a/'],
    ['ghcr.io', '', 'ghcr.io'],
    ['ghcr.io', 'team-a', 'ghcr.io/team-a/'],
    ['registry.example.com:5000', '', 'registry.example.com:5000'],
    ['registry.example.com:5000', 'a/b', 'registry.example.com:5000/a/b/'],
    ['ghcr.io', 'v2', 'ghcr.io/v2/v2/'],
    ['ghcr.io', 'v1/a', 'ghcr.io/v2/v1/a/'],
    ['ghcr.io', 'v2ray', 'ghcr.io/v2ray/'],
  ])('is for %s and scope %j: %s', (address, scope, key) => {
    expect(pullSecretKey(address, scope)).toBe(key);
  });

  // A credential must serve its scope and nothing beside it, as the kubelet compares.
  it('is matched by the kubelet for the images below the scope and no others', () => {
    const part = fc.constantFrom('v1', 'v2', 'team', 'team-a', 'a');
    const path = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
    const address = fc.constantFrom('docker.io', 'ghcr.io', 'r.example:5000', '[::1]:5000');
    fc.assert(
      fc.property(address, fc.oneof(fc.constant(''), path), path, (registry, scope, below) => {
        const key = pullSecretKey(registry, scope);
        for (const repository of [below, scope === '' ? below : `${scope}/${below}`]) {
          // One component on Docker Hub would become library/….
          const full = `${repository}/app`;
          const matched = matchDockerConfigKeys([key], `${registry}/${full}`);
          expect(matched).toEqual({ ok: true, value: scopeContains(scope, full) ? [key] : [] });
        }
      }),
      { numRuns: 1000 },
    );
  });
});
