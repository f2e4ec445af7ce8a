/**
 * What Rancher 1.6 documents of `registry.default` and `registry.whitelist`, what its users reported
 * about them, and how hand-written policies for Kubernetes are walked around: each as a guarantee.
 * Sources: rancher/cattle (its integration tests of both settings), rancher/rancher #1690, #5799,
 * #6195, #14494; open-policy-agent/gatekeeper-library #529, #538; kubescape/cel-admission-library
 * #70, #91; the image-replacing samples of Kyverno.
 */
import { describe, expect, it } from 'vitest';
import { combinePolicies, type EnvironmentPolicySettings } from './combine-policies.js';
import { decideImage, judgedAsWritten } from './decide-image.js';
import { formatWhitelist, parseDefaultRegistry, parseWhitelist } from './whitelist.js';

interface Texts {
  readonly whitelist?: string;
  readonly default?: string;
}

function settingsOf({ whitelist, default: registry }: Texts): EnvironmentPolicySettings {
  const list = parseWhitelist(whitelist ?? '');
  const entry = parseDefaultRegistry(registry ?? '');
  if (!list.ok || !entry.ok) throw new Error(JSON.stringify({ whitelist, registry }));
  return {
    ...(whitelist === undefined ? {} : { whitelist: list.value }),
    ...(registry === undefined ? {} : { defaultRegistry: entry.value }),
  };
}

function policyOf(installation: Texts, environment: Texts = {}) {
  const off = { whitelist: null, defaultRegistry: null } as const;
  const combined = combinePolicies(
    { ...off, mode: 'enforce', defaultRegistryAt: 'workload', ...settingsOf(installation) },
    settingsOf(environment),
  );
  if (!combined.ok) throw new Error(combined.error.detail);
  return combined.value.policy;
}

const outcome = (image: string, installation: Texts, environment?: Texts) =>
  decideImage(image, policyOf(installation, environment)).outcome;

describe('Rancher, as documented', () => {
  it('both settings are off when they are empty', () => {
    expect(outcome('nginx', {})).toBe('allowed');
    expect(outcome('evil.example/x', { whitelist: '', default: '' })).toBe('allowed');
  });

  it('the default registry is put in front of a name without one when a workload is made', () => {
    const policy = policyOf({ default: 'reg.corp' });
    expect(decideImage('nginx', policy)).toMatchObject({
      ...{ outcome: 'rewritten', image: 'reg.corp/nginx', rewrittenFrom: 'nginx' },
    });
    expect(decideImage('team/app:2', policy).image).toBe('reg.corp/team/app:2');
  });

  it('what exists keeps its name', () => {
    const policy = judgedAsWritten(policyOf({ default: 'reg.corp' }));
    expect(decideImage('nginx', policy)).toMatchObject({ outcome: 'allowed', image: 'nginx' });
  });

  it.each([
    ['reg.io/x', 'reg.io'],
    ['localhost/x', 'localhost'],
    ['host:5000/x', 'host:5000'],
    ['team/x', 'docker.io'],
  ])('the first part of %s is read as registry %s', (image, registry) => {
    expect(decideImage(image, policyOf({})).registry).toBe(registry);
  });

  it('with a whitelist, Docker Hub is refused unless it is listed', () => {
    expect(outcome('nginx', { whitelist: 'quay.io' })).toBe('denied');
    expect(outcome('nginx', { whitelist: 'quay.io,index.docker.io' })).toBe('allowed');
  });

  it('the default registry needs no entry of its own', () => {
    expect(outcome('nginx', { whitelist: 'quay.io', default: 'reg.corp' })).toBe('rewritten');
    expect(outcome('reg.corp/x', { whitelist: 'quay.io', default: 'reg.corp' })).toBe('allowed');
  });
});

describe('Rancher, as its users reported it', () => {
  it('blanks around entries do not matter', () => {
    for (const whitelist of ['quay.io, ghcr.io', ' quay.io ,ghcr.io ', 'quay.io,\tghcr.io\n']) {
      expect(outcome('ghcr.io/x', { whitelist })).toBe('allowed');
    }
  });

  it.each(['docker.io', 'index.docker.io', 'registry-1.docker.io', 'registry.hub.docker.com'])(
    'one entry %s is Docker Hub by all of its names',
    (whitelist) => {
      for (const image of ['nginx', 'library/nginx', 'docker.io/nginx', 'index.docker.io/x/y']) {
        expect(outcome(image, { whitelist })).toBe('allowed');
      }
    },
  );

  it('the same registry may be the default and on the list', () => {
    const policy = policyOf({ whitelist: 'reg.corp,quay.io', default: 'reg.corp' });
    expect(policy.whitelist && formatWhitelist(policy.whitelist)).toBe('reg.corp,quay.io');
    expect(outcome('nginx', { whitelist: 'reg.corp,quay.io', default: 'reg.corp' })).toBe(
      'rewritten',
    );
  });

  it('an environment has settings of its own within those of the installation', () => {
    const installation = { whitelist: 'quay.io,ghcr.io' };
    expect(outcome('ghcr.io/x', installation, { whitelist: 'quay.io' })).toBe('denied');
    expect(outcome('ghcr.io/x', installation)).toBe('allowed');
    expect(outcome('evil.io/x', installation, { whitelist: 'quay.io,evil.io' })).toBe('denied');
    expect(decideImage('x', policyOf({}, { default: 'reg.corp' })).image).toBe('reg.corp/x');
  });
});

describe('policies written by hand, as they are walked around', () => {
  it.each([
    ['reg.io', 'reg.io.evil.com/x'],
    ['reg.io', 'reg.io:443/x'],
    ['reg.io', 'evil.com/reg.io/x'],
    ['reg.io/team', 'reg.io/team-evil/x'],
    ['reg.io/team', 'reg.io/teams'],
    ['docker.io/library', 'docker.io.evil.com/library/x'],
  ])('a prefix ends where a name ends: %s does not allow %s', (whitelist, image) => {
    expect(outcome(image, { whitelist })).toBe('denied');
  });

  it('a bare name is the official image that it stands for', () => {
    expect(outcome('nginx', { whitelist: 'docker.io/library' })).toBe('allowed');
    expect(outcome('docker.io/nginx', { whitelist: 'docker.io/library' })).toBe('allowed');
    expect(outcome('team/nginx', { whitelist: 'docker.io/library' })).toBe('denied');
  });

  it('a bare name does not escape a list without Docker Hub', () => {
    for (const image of ['nginx', 'team/app', 'a/b/c', 'nginx@sha256:'.concat('a'.repeat(64))]) {
      expect(outcome(image, { whitelist: 'reg.corp' })).toBe('denied');
    }
  });

  it.each(['reg-1.corp:5000', 'my-registry.example.com', 'localhost:5000', '[::1]:5000'])(
    'a registry with a dash, a port or no dot is one: %s',
    (registry) => {
      expect(outcome(`${registry}/x`, { whitelist: registry })).toBe('allowed');
      expect(decideImage(`${registry}/x`, policyOf({ default: 'reg.corp' })).image).toBe(
        `${registry}/x`,
      );
    },
  );

  it.each(['REG.io/x', 'reg.io//x', 'reg.io/X', 'reg.io/x:', 'https://reg.io/x', 'reg.io/x @y'])(
    'what is no image name is refused, not guessed at: %s',
    (image) => {
      expect(outcome(image, { whitelist: 'reg.io' })).toBe('denied');
    },
  );
});
