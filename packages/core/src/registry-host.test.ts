import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalRegistry, isDockerHub } from './docker-hub.js';
import { parseImageReference } from './image-reference.js';
import { parseRegistryAddress } from './registry-host.js';

describe('normalising', () => {
  it.each<[string, string, 'http' | 'https' | null, string | null]>([
    ['ghcr.io', 'ghcr.io', null, null],
    ['  ghcr.io ', 'ghcr.io', null, null],
    ['GHCR.io', 'ghcr.io', null, null],
    ['https://ghcr.io', 'ghcr.io', 'https', null],
    ['HTTPS://ghcr.io/', 'ghcr.io', 'https', null],
    ['http://harbor.local:8080', 'harbor.local:8080', 'http', null],
    ['ghcr.io.', 'ghcr.io', null, null],
    ['ghcr.io.:443/', 'ghcr.io:443', null, null],
    ['ghcr.io/team-a', 'ghcr.io', null, 'team-a'],
    ['ghcr.io/Team-A/App/', 'ghcr.io', null, 'team-a/app'],
    ['https://registry.example.com/v2/', 'registry.example.com', 'https', null],
    ['https://registry.example.com/v2', 'registry.example.com', 'https', null],
    ['registry.example.com/v1/team', 'registry.example.com', null, 'team'],
    ['registry.example.com/v2ray', 'registry.example.com', null, 'v2ray'],
    ['docker.io', 'docker.io', null, null],
    ['index.docker.io', 'docker.io', null, null],
    ['registry-1.docker.io', 'docker.io', null, null],
    ['registry.hub.docker.com', 'docker.io', null, null],
    ['https://index.docker.io/v1/', 'docker.io', 'https', null],
    ['https://Index.Docker.IO./v1/', 'docker.io', 'https', null],
    ['docker.io/team-a/', 'docker.io', null, 'team-a'],
    ['localhost', 'localhost', null, null],
    ['localhost:5000', 'localhost:5000', null, null],
    ['registry:5000', 'registry:5000', null, null],
    ['10.0.0.1', '10.0.0.1', null, null],
    ['10.0.0.1:5000', '10.0.0.1:5000', null, null],
    ['[::1]:5000', '[::1]:5000', null, null],
    ['[0:0:0:0:0:0:0:1]', '[::1]', null, null],
    ['http://[2001:DB8::1]:80/a', '[2001:db8::1]:80', 'http', 'a'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example', null, null],
    ['dhi.io', 'dhi.io', null, null],
    ['docker.io.example.com', 'docker.io.example.com', null, null],
    ['evil-docker.io', 'evil-docker.io', null, null],
  ])('reads %j as %s', (input, address, scheme, path) => {
    const parsed = parseRegistryAddress(input);
    expect(parsed.ok ? parsed.value : parsed.error).toMatchObject({ address, scheme, path });
  });

  it('says everything that it changed', () => {
    const parsed = parseRegistryAddress(' HTTPS://Index.Docker.IO./v1/Team-A ');
    expect(parsed.ok && parsed.value.adjustments.map(({ code }) => code)).toEqual([
      'address.blanks-removed',
      'address.scheme-removed',
      'address.api-path-removed',
      'address.path-to-scope',
      'address.lower-cased',
      'address.trailing-dot-removed',
      'address.docker-hub-alias',
    ]);
    const slash = parseRegistryAddress('[::0]/');
    expect(slash.ok && slash.value.adjustments.map(({ code }) => code)).toEqual([
      'address.trailing-slash-removed',
      'address.ipv6-shortened',
    ]);
  });
});

describe('refusing', () => {
  it.each<[string, string, string | undefined]>([
    ['', 'address.empty', undefined],
    [' \t', 'address.empty', undefined],
    ['a'.repeat(1025), 'address.too-long', undefined],
    [`${'a.'.repeat(127)}aa`, 'address.too-long', undefined],
    ['ftp://ghcr.io', 'address.bad-scheme', 'ghcr.io'],
    ['oci://ghcr.io/a', 'address.bad-scheme', 'ghcr.io/a'],
    ['https://', 'address.bad-host', undefined],
    ['user:hunter2@ghcr.io', 'address.userinfo', 'ghcr.io'],
    ['https://a@b@ghcr.io/x?y', 'address.userinfo', 'ghcr.io/x'],
    ['ghcr.io?x=1', 'address.query', 'ghcr.io'],
    ['ghcr.io/a#b', 'address.query', 'ghcr.io/a'],
    ['bücher.example', 'address.not-ascii', 'xn--bcher-kva.example'],
    ['quаy.io', 'address.not-ascii', 'xn--quy-7cd.io'],
    ['ｑuay.io', 'address.not-ascii', 'quay.io'],
    ['bü cher.example', 'address.not-ascii', undefined],
    ['bü[.example', 'address.not-ascii', undefined],
    ['*.azurecr.io', 'address.wildcard', undefined],
    ['*', 'address.wildcard', undefined],
    ['ghcr.io, quay.io', 'address.bad-host', undefined],
    ['docker login ghcr.io', 'address.bad-host', undefined],
    ['-ghcr.io', 'address.bad-host', undefined],
    ['ghcr-.io', 'address.bad-host', undefined],
    ['ghcr..io', 'address.bad-host', undefined],
    ['ghcr.io..', 'address.bad-host', undefined],
    ['foo_bar.example', 'address.bad-host', undefined],
    ['%67hcr.io', 'address.bad-host', undefined],
    ['ghcr.io\\evil', 'address.bad-host', undefined],
    ['/ghcr.io', 'address.bad-host', undefined],
    [`${'a'.repeat(64)}.example`, 'address.bad-host', undefined],
    ['::1', 'address.bad-host', '[::1]'],
    ['2001:db8::0:1', 'address.bad-host', '[2001:db8::1]'],
    ['[::1', 'address.bad-host', undefined],
    ['[::1]5000', 'address.bad-host', undefined],
    ['a:1:2', 'address.bad-host', undefined],
    ['[::g]', 'address.bad-ip', undefined],
    ['[fe80::1%eth0]:5000', 'address.ipv6-zone', '[fe80::1]:5000'],
    ['127.1', 'address.bad-ip', undefined],
    ['010.0.0.1', 'address.bad-ip', undefined],
    ['256.0.0.1', 'address.bad-ip', undefined],
    ['1.2.3.4.5', 'address.bad-ip', undefined],
    ['2130706433:80', 'address.bad-ip', undefined],
    ['0x7f.0.0.0x1', 'address.bad-ip', undefined],
    ['harbor', 'address.no-dot', 'harbor:443'],
    ['http://harbor/library', 'address.no-dot', 'harbor:80'],
    ['ghcr', 'address.no-dot', 'ghcr.io'],
    ['ghcr.io:', 'address.bad-port', 'ghcr.io'],
    ['ghcr.io:0', 'address.bad-port', 'ghcr.io'],
    ['ghcr.io:65536', 'address.bad-port', 'ghcr.io'],
    ['ghcr.io:0443', 'address.bad-port', 'ghcr.io'],
    ['ghcr.io:https', 'address.bad-port', 'ghcr.io'],
    ['ghcr.io/a/b:v1', 'address.bad-path', 'a/b'],
    ['ghcr.io/../x', 'address.bad-path', undefined],
    ['ghcr.io/a%2fb', 'address.bad-path', undefined],
    ['dockerhub.io', 'address.lookalike', 'docker.io'],
    ['docker.com', 'address.lookalike', 'docker.io'],
    ['https://hub.docker.com/r/bitnami/redis', 'address.lookalike', 'docker.io'],
    ['auth.docker.io', 'address.lookalike', 'docker.io'],
    ['dockerhub', 'address.lookalike', 'docker.io'],
    ['docker.io:443', 'address.lookalike', 'docker.io'],
    ['index.docker.io:443/v1/', 'address.lookalike', 'docker.io'],
  ])('refuses %j', (input, code, suggestion) => {
    const parsed = parseRegistryAddress(input);
    expect(parsed.ok ? 'accepted' : parsed.error.code).toBe(code);
    expect(parsed.ok ? undefined : parsed.error.suggestion).toBe(suggestion);
  });

  it('does not repeat user info', () => {
    const parsed = parseRegistryAddress('https://ci:hunter2@ghcr.io:99999');
    expect(JSON.stringify(parsed)).not.toContain('hunter2');
  });
});

describe('identity', () => {
  it.each<[string, string]>([
    ['docker.io', 'docker.io'],
    ['index.docker.io', 'docker.io'],
    ['registry-1.docker.io', 'docker.io'],
    ['registry.hub.docker.com', 'docker.io'],
    ['ghcr.io', 'ghcr.io'],
    // Other registries to every client, whatever they look like.
    ['GHCR.io', 'GHCR.io'],
    ['docker.io:443', 'docker.io:443'],
    ['docker.io.evil.example', 'docker.io.evil.example'],
  ])('%s is %s', (host, identity) => {
    expect(canonicalRegistry(host)).toBe(identity);
    expect(isDockerHub(host)).toBe(identity === 'docker.io');
  });
});

const label = fc.stringMatching(/^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,8}[a-zA-Z0-9])?$/);
const inputs = fc
  .record({
    scheme: fc.constantFrom('', 'http://', 'https://', 'HTTPS://'),
    labels: fc.array(label, { minLength: 1, maxLength: 4 }),
    dot: fc.constantFrom('', '.'),
    port: fc.constantFrom('', ':443', ':5000'),
    path: fc.constantFrom('', '/', '/v2/', '/v1/team', '/Team-A/app/'),
  })
  .map(({ scheme, labels, dot, port, path }) => `${scheme}${labels.join('.')}${dot}${port}${path}`);

describe('properties', () => {
  it('leaves a canonical address as it is', () => {
    fc.assert(
      fc.property(fc.oneof(inputs, fc.string({ unit: 'grapheme-ascii' })), (input) => {
        const once = parseRegistryAddress(input);
        if (!once.ok) return;
        const again = parseRegistryAddress(once.value.address);
        expect(again).toEqual({
          ok: true,
          value: { address: once.value.address, scheme: null, path: null, adjustments: [] },
        });
      }),
      { numRuns: 3000 },
    );
  });

  it('accepts only addresses that an image name can select', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const parsed = parseRegistryAddress(input);
        if (!parsed.ok) return;
        const image = parseImageReference(`${parsed.value.address}/app`);
        expect(image.ok && image.value.registry).toBe(parsed.value.address);
      }),
      { numRuns: 3000 },
    );
  });

  it('never takes another host for Docker Hub', () => {
    fc.assert(
      fc.property(label, fc.constantFrom('docker.io', 'index.docker.io'), (extra, hub) => {
        for (const host of [`${extra}.${hub}.example`, `${extra}-${hub}`, `${hub}.${extra}`]) {
          const parsed = parseRegistryAddress(host);
          expect(parsed.ok && parsed.value.address).not.toBe('docker.io');
        }
      }),
    );
  });
});
