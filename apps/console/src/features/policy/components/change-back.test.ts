import type { AuditEntry } from '@moorage/contract';
import { describe, expect, it } from 'vitest';
import { changeBack } from './change-back';

function entry(name: string, changes: AuditEntry['changes']): AuditEntry {
  return {
    id: 1,
    at: '2026-11-26T12:00:00Z',
    environmentId: null,
    actor: { kind: 'user', id: null, name: 'admin' },
    action: 'setting.update',
    object: { kind: 'setting', id: null, name },
    changes,
    requestId: null,
    address: null,
    hash: null,
  };
}

describe('changeBack', () => {
  it('brings back the list before, with its notes', () => {
    const back = changeBack(
      entry('registry.whitelist', {
        value: { before: 'docker.io,quay.io', after: 'docker.io' },
        notes: { before: { 'quay.io': 'until May' }, after: {} },
      }),
    );
    expect(back).toEqual({
      name: 'registry.whitelist',
      value: 'docker.io,quay.io',
      notes: { 'quay.io': 'until May' },
    });
  });

  it('inherits again where nothing was set before', () => {
    const changes = { value: { before: null, after: 'quay.io' }, notes: { before: {}, after: {} } };
    expect(changeBack(entry('registry.whitelist', changes))).toEqual({
      name: 'registry.whitelist',
      value: null,
    });
  });

  it('sends no notes with a setting that has none', () => {
    const changes = {
      value: { before: 'warn', after: 'enforce' },
      notes: { before: {}, after: {} },
    };
    expect(changeBack(entry('policy.mode', changes))).toEqual({
      name: 'policy.mode',
      value: 'warn',
    });
  });

  it('offers nothing where the record does not tell', () => {
    expect(changeBack(entry('policy.mode', {}))).toBeNull();
    expect(changeBack(entry('shop', { value: { before: 'a', after: 'b' } }))).toBeNull();
  });
});
