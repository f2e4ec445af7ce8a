import { decideImage, type ImagePolicy, parseWhitelist } from '@moorage/core';
import { describe, expect, it } from 'vitest';
import { refusedImage } from './policy-claims.js';

function policyOf(text: string): ImagePolicy {
  const whitelist = parseWhitelist(text);
  if (!whitelist.ok) throw new Error(text);
  return {
    whitelist: whitelist.value,
    defaultRegistry: null,
    mode: 'enforce',
    defaultRegistryAt: 'workload',
  };
}

describe('the image of a proof', () => {
  const revision = 'abcdef012345';
  const imageOf = (own: string, ...others: readonly string[]) =>
    refusedImage({ policy: policyOf(own) }, revision, others.map(policyOf));

  it('is below .invalid where no other policy judges', () => {
    expect(imageOf('ghcr.io')).toBe('abcdef012345.moorage.invalid/proof');
  });

  it.each([
    ['ghcr.io', ['quay.io']],
    ['ghcr.io/org', ['ghcr.io', 'ghcr.io,quay.io']],
    ['ghcr.io,quay.io', ['quay.io,reg.corp:5000/team']],
    ['ghcr.io', ['docker.io/library']],
  ])('is refused by %s and allowed by %j', (own, others) => {
    const image = imageOf(own, ...others);
    expect(decideImage(image, policyOf(own)).outcome).toBe('denied');
    for (const other of others) expect(decideImage(image, policyOf(other)).outcome).toBe('allowed');
  });

  it.each([
    ['ghcr.io', ['ghcr.io/org']],
    ['ghcr.io', ['quay.io', 'reg.corp']],
  ])('of %s beside %j is one that all refuse, because there is no other', (own, others) => {
    expect(imageOf(own, ...others)).toContain('.invalid/');
  });
});
