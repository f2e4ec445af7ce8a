import type { Mirror } from '@moorage/contract';
import { describe, expect, it } from 'vitest';
import { mirrorsAfterDeleting, mirrorsAfterSaving, startOfMirror } from './mirror-draft';

const mirror = (registry: string, position: number): Mirror => ({
  id: `id-${registry}`,
  registry,
  position,
  endpoints: [`https://${registry}.mirror.example`],
  rewrites: [],
  createdAt: '2026-01-01T00:00:00.000Z',
  version: 1,
});
const items = [mirror('docker.io', 0), mirror('quay.io', 1)];
const [hub, quay] = [mirror('docker.io', 0), mirror('quay.io', 1)];
const registriesOf = (mirrors: readonly { registry: string }[]) =>
  mirrors.map(({ registry }) => registry);

describe('the mirrors after a change', () => {
  it('keep their order when one is edited, without its empty rows', () => {
    const draft = startOfMirror(hub);
    const endpoints = [...draft.endpoints, { id: 'row', url: ' ' }];
    const rewrites = [{ id: 'rule', pattern: '', replacement: 'x' }];
    const after = mirrorsAfterSaving(items, {
      mirror: hub,
      draft: { ...draft, endpoints, rewrites },
    });
    expect(registriesOf(after)).toEqual(['docker.io', 'quay.io']);
    expect(after[0]).toEqual({ registry: 'docker.io', endpoints: hub.endpoints, rewrites: [] });
  });

  it('end with a new one as soon as it has a name', () => {
    const draft = startOfMirror(null);
    expect(registriesOf(mirrorsAfterSaving(items, { mirror: null, draft }))).toEqual([
      'docker.io',
      'quay.io',
    ]);
    const named = { ...draft, registry: ' ghcr.io ' };
    expect(registriesOf(mirrorsAfterSaving(items, { mirror: null, draft: named }))).toEqual([
      'docker.io',
      'quay.io',
      'ghcr.io',
    ]);
  });

  it('lack the one that is deleted', () => {
    expect(registriesOf(mirrorsAfterDeleting(items, quay))).toEqual(['docker.io']);
  });
});
