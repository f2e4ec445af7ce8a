/** Which login of an environment serves an image from its pull secrets. Pure. */
import {
  canonicalRegistry,
  matchKeysForRepository,
  parseImageReference,
  pullSecretKey,
  repositoryName,
  scopeContains,
} from '@moorage/core';
import type { EffectiveUser } from '../credentials/effective-logins.service.js';

export interface ServingLogin {
  readonly login: EffectiveUser;
  /** False when it is given to nodes only. */
  readonly isInPullSecret: boolean;
}

/** The first that the kubelet tries; else the longest scope of those that only nodes are given. */
export function findServingLogin(
  image: string,
  logins: readonly EffectiveUser[],
): ServingLogin | null {
  const reference = parseImageReference(image);
  if (!reference.ok) return null;
  const keyed = new Map(
    logins
      .filter(({ deliver }) => deliver !== 'nodes')
      .map((login) => [pullSecretKey(login.address, login.scope), login]),
  );
  const [key] = matchKeysForRepository([...keyed.keys()], repositoryName(reference.value));
  const login = key === undefined ? undefined : keyed.get(key);
  if (login !== undefined) return { login, isInPullSecret: true };
  const { registry, repository } = reference.value;
  const onNodes = logins
    .filter(({ deliver, address }) => {
      return deliver === 'nodes' && address === canonicalRegistry(registry);
    })
    .filter(({ scope }) => scopeContains(scope, repository))
    .toSorted((a, b) => b.scope.length - a.scope.length)[0];
  return onNodes === undefined ? null : { login: onNodes, isInPullSecret: false };
}
