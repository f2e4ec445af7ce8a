import { describe, expect, it } from 'vitest';
import type { EffectiveUser } from '../credentials/effective-logins.service.js';
import { findServingLogin } from './serving-login.js';

const login = (address: string, scope = '', deliver: EffectiveUser['deliver'] = 'both') => ({
  ...{ credentialId: `${address}/${scope}`, registryId: address, address, scope, deliver },
  username: 'u',
});
const logins = [
  login('docker.io'),
  login('ghcr.io'),
  login('ghcr.io', 'team'),
  login('ghcr.io', 'team/deep'),
  login('nodes.io', '', 'nodes'),
  login('nodes.io', 'team', 'nodes'),
] as EffectiveUser[];

describe('findServingLogin', () => {
  it.each([
    ['nginx', 'docker.io/', true],
    ['ghcr.io/other/app', 'ghcr.io/', true],
    ['ghcr.io/team/app:1', 'ghcr.io/team', true],
    ['ghcr.io/team/deep/app', 'ghcr.io/team/deep', true],
    ['ghcr.io/teams/app', 'ghcr.io/', true],
    ['nodes.io/team/app', 'nodes.io/team', false],
    ['nodes.io/x', 'nodes.io/', false],
  ])('%s is served by %s', (image, credentialId, isInPullSecret) => {
    const found = findServingLogin(image, logins);
    expect([found?.login.credentialId, found?.isInPullSecret]).toEqual([
      credentialId,
      isInPullSecret,
    ]);
  });

  it.each(['quay.io/x', 'ghcr.io.evil.com/x', 'not a name', 'registry-1.docker.io/x'])(
    '%s is served by none',
    (image) => {
      expect(findServingLogin(image, logins)).toBeNull();
    },
  );
});
