import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decideEffectiveCredentials,
  type EffectiveCredential,
  explainStack,
  type StackedCredential,
  type StackedRegistry,
  selectCredentialForRepository,
} from './credential-stack.js';

function credential(
  id: string,
  sequence: number,
  more: Partial<StackedCredential> = {},
): StackedCredential {
  return { id, sequence, scope: '', state: 'enabled', ...more };
}

function registry(
  credentials: readonly StackedCredential[],
  more: Partial<StackedRegistry> = {},
): StackedRegistry {
  return { id: 'r1', address: 'ghcr.io', state: 'enabled', deliver: 'both', credentials, ...more };
}

function ids(registries: readonly StackedRegistry[]): readonly string[] {
  return decideEffectiveCredentials(registries).map(({ credentialId }) => credentialId);
}

describe('the last one added wins', () => {
  const older = credential('older', 1);
  const newer = credential('newer', 2);

  it('whatever the order of the input', () => {
    expect(ids([registry([older, newer])])).toEqual(['newer']);
    expect(ids([registry([newer, older])])).toEqual(['newer']);
  });

  it('until it is disabled or deleted, then the next older enabled one', () => {
    expect(ids([registry([older, { ...newer, state: 'disabled' }])])).toEqual(['older']);
    expect(ids([registry([older])])).toEqual(['older']);
    expect(ids([registry([])])).toEqual([]);
  });

  it('and comes back when it is enabled again', () => {
    const last = credential('last', 3, { state: 'disabled' });
    expect(ids([registry([older, last, newer])])).toEqual(['newer']);
    expect(ids([registry([older, { ...last, state: 'enabled' }, newer])])).toEqual(['last']);
  });

  it('but not while its registry is disabled', () => {
    expect(ids([registry([older, newer], { state: 'disabled' })])).toEqual([]);
  });

  it('for each scope by itself', () => {
    const scoped = credential('scoped', 9, { scope: 'team-a' });
    expect(
      decideEffectiveCredentials([registry([older, scoped, newer], { deliver: 'nodes' })]),
    ).toEqual([
      { registryId: 'r1', address: 'ghcr.io', scope: '', credentialId: 'newer', deliver: 'nodes' },
      {
        registryId: 'r1',
        address: 'ghcr.io',
        scope: 'team-a',
        credentialId: 'scoped',
        deliver: 'nodes',
      },
    ]);
  });

  it('with one total order even for equal sequences', () => {
    const a = credential('a', 5);
    const b = credential('b', 5);
    expect(ids([registry([a, b])])).toEqual(ids([registry([b, a])]));
  });

  it('in a list sorted by address and scope', () => {
    const list = [
      registry([credential('q', 1)], { id: 'r2', address: 'quay.io' }),
      registry([credential('s', 2, { scope: 'b' }), credential('t', 3, { scope: 'a' })]),
      registry([credential('d', 1)], { id: 'r0', address: 'quay.io' }),
    ];
    expect(ids(list)).toEqual(['t', 's', 'd', 'q']);
    expect(ids(list.toReversed())).toEqual(['t', 's', 'd', 'q']);
  });
});

describe('explainStack', () => {
  const stack = [
    credential('first', 1),
    credential('second', 2),
    credential('off', 3, { state: 'disabled' }),
    credential('third', 4),
    credential('team', 5, { scope: 'team' }),
  ];

  it('names the part that each credential plays, newest first', () => {
    expect(explainStack(stack)).toEqual([
      { credentialId: 'third', scope: '', role: 'effective' },
      { credentialId: 'off', scope: '', role: 'disabled' },
      { credentialId: 'second', scope: '', role: 'next' },
      { credentialId: 'first', scope: '', role: 'older' },
      { credentialId: 'team', scope: 'team', role: 'effective' },
    ]);
  });

  it('has nothing effective in a disabled registry', () => {
    expect(explainStack(stack, 'disabled').map(({ role }) => role)).toEqual([
      'registry-disabled',
      'disabled',
      'registry-disabled',
      'registry-disabled',
      'registry-disabled',
    ]);
  });

  it('agrees with the decision, and `next` is what takes over', () => {
    const credentials = fc.uniqueArray(
      fc.record({
        id: fc.uuid(),
        sequence: fc.nat(1000),
        scope: fc.constantFrom('', 'a', 'a/b'),
        state: fc.constantFrom('enabled' as const, 'disabled' as const),
      }),
      { selector: ({ sequence }) => sequence, maxLength: 12 },
    );
    fc.assert(
      fc.property(credentials, (list) => {
        const explained = explainStack(list);
        expect(explained).toHaveLength(list.length);
        for (const { credentialId, scope } of decideEffectiveCredentials([registry(list)])) {
          const next = explained.find((item) => item.scope === scope && item.role === 'next');
          const without = decideEffectiveCredentials([
            registry(list.filter(({ id }) => id !== credentialId)),
          ]);
          const successor = without.find((item) => item.scope === scope);
          expect(successor?.credentialId).toBe(next?.credentialId);
        }
      }),
    );
  });
});

describe('selectCredentialForRepository', () => {
  function effective(address: string, scope: string): EffectiveCredential {
    return {
      registryId: 'r',
      address,
      scope,
      credentialId: `${address}|${scope}`,
      deliver: 'both',
    };
  }
  const list = [
    effective('docker.io', ''),
    effective('ghcr.io', 'team-a'),
    effective('ghcr.io', 'team-a/app'),
    effective('quay.io', 'x'),
  ];

  it.each<[string, string, string | null]>([
    ['ghcr.io', 'team-a/app', 'ghcr.io|team-a/app'],
    ['ghcr.io', 'team-a/app/web', 'ghcr.io|team-a/app'],
    ['ghcr.io', 'team-a/apple', 'ghcr.io|team-a'],
    ['ghcr.io', 'team-ab/app', null],
    ['docker.io', 'library/nginx', 'docker.io|'],
    ['index.docker.io', 'library/nginx', 'docker.io|'],
    ['ghcr.io:443', 'team-a/app', null],
    ['ghcr.io.evil.example', 'team-a/app', null],
    ['evil-ghcr.io', 'team-a/app', null],
    ['quay.io', 'y', null],
  ])('%s/%s is served by %s', (address, repository, id) => {
    const chosen = selectCredentialForRepository(list, address, repository);
    expect(chosen?.credentialId ?? null).toBe(id);
    const reversed = selectCredentialForRepository(list.toReversed(), address, repository);
    expect(reversed).toEqual(chosen);
  });
});
