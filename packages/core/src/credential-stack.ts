/**
 * The stack of credentials: of one (registry, scope) the last one added wins.
 *
 * Effective is the newest *enabled* credential of an *enabled* registry, newest by the database's
 * sequence. Neither expiry nor a failed verification takes part: a broken newest credential stays
 * effective and is reported elsewhere; people decide. Among the effective ones of a registry the
 * longest scope that contains the repository serves an image.
 */
import { compareText } from './compare-text.js';
import { scopeContains } from './credential-scope.js';
import { canonicalRegistry } from './docker-hub.js';

export type EnabledState = 'enabled' | 'disabled';
/** Where a registry's login is delivered. */
export type Delivery = 'both' | 'pull-secret' | 'nodes';

export interface StackedCredential {
  readonly id: string;
  /** Empty for the whole registry. */
  readonly scope: string;
  readonly state: EnabledState;
  /** From the database; later additions have higher ones. */
  readonly sequence: number;
}

export interface StackedRegistry {
  readonly id: string;
  readonly address: string;
  readonly state: EnabledState;
  readonly deliver: Delivery;
  readonly credentials: readonly StackedCredential[];
}

export interface EffectiveCredential {
  readonly registryId: string;
  readonly address: string;
  readonly scope: string;
  readonly credentialId: string;
  readonly deliver: Delivery;
}

/**
 * effective: in use. next: what takes over if that is disabled or deleted. older: enabled below.
 * disabled: itself switched off. registry-disabled: enabled, but its registry is not.
 */
export type StackRole = 'effective' | 'next' | 'older' | 'disabled' | 'registry-disabled';

export interface ExplainedCredential {
  readonly credentialId: string;
  readonly scope: string;
  readonly role: StackRole;
}

/** One credential per (registry, scope) at most, sorted by address and scope. */
export function decideEffectiveCredentials(
  registries: readonly StackedRegistry[],
): readonly EffectiveCredential[] {
  const effective: EffectiveCredential[] = [];
  for (const { id, address, state, deliver, credentials } of registries) {
    for (const { credentialId, scope, role } of explainStack(credentials, state)) {
      if (role !== 'effective') continue;
      effective.push({ registryId: id, address, scope, credentialId, deliver });
    }
  }
  return effective.sort(
    (a, b) =>
      compareText(a.address, b.address) ||
      compareText(a.scope, b.scope) ||
      compareText(a.registryId, b.registryId),
  );
}

/** The part that each credential of one registry plays, by scope and then newest first. */
export function explainStack(
  credentials: readonly StackedCredential[],
  registryState: EnabledState = 'enabled',
): readonly ExplainedCredential[] {
  const enabledAbove = new Map<string, number>();
  return credentials
    .toSorted((a, b) => compareText(a.scope, b.scope) || compareNewestFirst(a, b))
    .map(({ id, scope, state }) => {
      const above = enabledAbove.get(scope) ?? 0;
      if (state === 'enabled') enabledAbove.set(scope, above + 1);
      return { credentialId: id, scope, role: decideRole(state, registryState, above) };
    });
}

/** The effective credential that serves a repository: the longest scope that contains it. */
export function selectCredentialForRepository(
  effective: readonly EffectiveCredential[],
  address: string,
  repository: string,
): EffectiveCredential | null {
  const identity = canonicalRegistry(address);
  let best: EffectiveCredential | null = null;
  for (const candidate of effective) {
    if (canonicalRegistry(candidate.address) !== identity) continue;
    if (!scopeContains(candidate.scope, repository)) continue;
    if (best === null || candidate.scope.length > best.scope.length) best = candidate;
  }
  return best;
}

function decideRole(state: EnabledState, registryState: EnabledState, above: number): StackRole {
  if (state === 'disabled') return 'disabled';
  if (registryState === 'disabled') return 'registry-disabled';
  if (above === 0) return 'effective';
  return above === 1 ? 'next' : 'older';
}

/** Sequences are unique in the database; the id keeps the order total for any other input. */
function compareNewestFirst(a: StackedCredential, b: StackedCredential): number {
  return b.sequence - a.sequence || compareText(b.id, a.id);
}
