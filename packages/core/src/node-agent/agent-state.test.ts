import { describe, expect, it } from 'vitest';
import { decodeAgentState, encodeAgentState, initialAgentState } from './agent-state.js';

describe('the state of an agent', () => {
  it('is read as it was written', () => {
    const state = {
      ...initialAgentState,
      appliedHash: 'h',
      left: { '/a': 'd' },
      intended: { '/a': ['d', null] },
      restarting: { hash: 'h', phase: 'back', attempts: 2, fault: 'f' } as const,
      good: { appliedHash: null, left: {}, files: { '/a': null } },
    };
    expect(decodeAgentState(encodeAgentState(state))).toEqual({ ok: true, value: state });
  });

  it.each([
    ['no JSON', '', 'not JSON'],
    ['of another version', JSON.stringify({ ...initialAgentState, version: 2 }), 'version'],
    ['a list', '[]', 'not a state'],
  ])('is none when it is %s', (_, text, error) => {
    expect(decodeAgentState(text)).toEqual({ ok: false, error });
  });
});
