import { describe, expect, it } from 'vitest';
import type { ImagePolicy } from './combine-policies.js';
import { decideImage, judgedAsWritten } from './decide-image.js';
import { parseDefaultRegistry, parseWhitelist } from './whitelist.js';

const policyOf = (whitelist: string, defaultRegistry = ''): ImagePolicy => {
  const list = parseWhitelist(whitelist);
  const registry = parseDefaultRegistry(defaultRegistry);
  if (!list.ok || !registry.ok) throw new Error(whitelist);
  return {
    whitelist: list.value,
    defaultRegistry: registry.value,
    mode: 'enforce',
    defaultRegistryAt: 'workload',
  };
};
const proxied = policyOf('reg.corp:5000/proxy,quay.io', 'reg.corp:5000/proxy');
const hex = 'a'.repeat(64);

describe('the default registry', () => {
  it.each([
    ['nginx', 'reg.corp:5000/proxy/nginx'],
    ['nginx:1.27', 'reg.corp:5000/proxy/nginx:1.27'],
    ['foo:5000', 'reg.corp:5000/proxy/foo:5000'],
    ['team/my-app', 'reg.corp:5000/proxy/team/my-app'],
    [`nginx@sha256:${hex}`, `reg.corp:5000/proxy/nginx@sha256:${hex}`],
  ])('is put in front of %s', (image, expected) => {
    expect(decideImage(image, proxied)).toMatchObject({
      outcome: 'rewritten',
      image: expected,
      rewrittenFrom: image,
      registry: 'reg.corp:5000',
      enforced: false,
    });
  });

  it.each(['quay.io/x', 'docker.io/nginx', 'localhost/x', 'foo:5000/x', 'Foo/x'])(
    'leaves %s, which names a registry',
    (image) => {
      const decision = decideImage(image, proxied);
      expect(decision.image).toBe(image);
      expect(decision).not.toHaveProperty('rewrittenFrom');
    },
  );

  it('does not make an image id a name', () => {
    expect(decideImage(hex, proxied)).toMatchObject({ outcome: 'denied', image: hex });
  });

  it('is allowed but put in front of nothing where names are judged as written', () => {
    const policy = judgedAsWritten(proxied);
    expect(decideImage('nginx', policy)).toMatchObject({
      outcome: 'denied',
      registry: 'docker.io',
    });
    expect(decideImage('reg.corp:5000/proxy/nginx', policy).outcome).toBe('allowed');
  });

  it('docker.io changes no name', () => {
    expect(decideImage('nginx', policyOf('', 'docker.io'))).toMatchObject({
      outcome: 'allowed',
      image: 'nginx',
    });
  });

  it('refuses a name that only becomes too long by it', () => {
    const image = 'x'.repeat(250);
    expect(decideImage(image, proxied)).toMatchObject({
      outcome: 'denied',
      rule: { error: { code: 'reference.repository-too-long' } },
    });
  });
});

describe('the whitelist', () => {
  it('says which entry allows', () => {
    expect(decideImage('quay.io/x', proxied)).toMatchObject({
      outcome: 'allowed',
      rule: { kind: 'whitelist-entry', entry: 'quay.io' },
      reason: 'The whitelist allows quay.io.',
    });
  });

  it('says image, registry and what to do when it refuses', () => {
    expect(decideImage('evil.io/x', proxied)).toEqual({
      outcome: 'denied',
      image: 'evil.io/x',
      registry: 'evil.io',
      rule: { kind: 'not-listed' },
      enforced: true,
      reason:
        'The whitelist allows no such image of "evil.io". Use an image of reg.corp:5000/proxy, quay.io, or ask an owner of the environment to allow this one.',
    });
  });

  it('in mode warn refuses without being enforced, in mode off not at all', () => {
    expect(decideImage('evil.io/x', { ...proxied, mode: 'warn' })).toMatchObject({
      outcome: 'denied',
      enforced: false,
    });
    expect(decideImage('evil.io/x', { ...proxied, mode: 'off' })).toMatchObject({
      outcome: 'allowed',
      rule: { kind: 'no-whitelist' },
    });
  });

  it('off, an unreadable name is still no image', () => {
    expect(decideImage('evil.io/X', policyOf(''))).toMatchObject({
      outcome: 'denied',
      enforced: false,
      rule: { kind: 'not-an-image-name' },
    });
  });
});
