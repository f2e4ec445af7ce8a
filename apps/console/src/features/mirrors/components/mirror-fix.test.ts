import { buildNodeConfig } from '@moorage/core';
import { describe, expect, it } from 'vitest';
import type { MirrorDraft } from './mirror-draft';
import { fixOfMirror } from './mirror-fix';

type Rewrite = { readonly pattern: string; readonly replacement: string };

function draftOf(endpoints: readonly string[], rewrites: readonly Rewrite[]): MirrorDraft {
  return {
    registry: 'quay.io',
    endpoints: endpoints.map((url, index) => ({ id: `e${index}`, url })),
    rewrites: rewrites.map((rewrite, index) => ({ id: `r${index}`, ...rewrite })),
  };
}

/** The form after the fix of the finding with this code. */
function mend(code: string, endpoints: readonly string[], rewrites: readonly Rewrite[] = []) {
  const mirrors = [{ registry: 'quay.io', endpoints, rewrites }];
  const format = 'k3s-registries.yaml';
  const config = buildNodeConfig({ registries: [], mirrors }, { format, secrets: 'masked' });
  const found = config.diagnostics.find((each) => each.code === code);
  if (found === undefined) throw new Error(`no finding ${code}`);
  const fix = fixOfMirror({ ...found, line: null }, config.files[0]?.content ?? '');
  const draft = fix?.apply(draftOf(endpoints, rewrites));
  return fix === null
    ? null
    : {
        registry: fix.registry,
        endpoints: draft?.endpoints.map(({ url }) => url),
        patterns: draft?.rewrites.map(({ pattern }) => pattern),
      };
}

describe('the fix of a finding in the form of its mirror', () => {
  it('changes the endpoint that the finding names, and no other', () => {
    const endpoints = ['https://a.example', 'https://b.example/quay'];
    expect(mend('registries-yaml.endpoint-path-is-api-root', endpoints)).toEqual({
      registry: 'quay.io',
      endpoints: ['https://a.example', 'https://b.example/v2/quay'],
      patterns: [],
    });
  });

  it('finds it also when one before it is left out of the file', () => {
    const endpoints = ['ftp:/nowhere at all', 'https://b.example/v2/'];
    expect(mend('registries-yaml.endpoint-trailing-slash', endpoints)?.endpoints).toEqual([
      'ftp:/nowhere at all',
      'https://b.example/v2',
    ]);
  });

  it('is none where people have to decide', () => {
    const rules = [{ pattern: '^(.*)', replacement: '$2' }];
    expect(mend('registries-yaml.rewrite-unknown-group', ['https://a.example'], rules)).toBeNull();
  });
});
