import { buildNodeConfig, type NodeConfigModel, SecretText } from '@moorage/core';
import { describe, expect, it } from 'vitest';
import { aboutOf, namedIn } from './finding-text';

const model: NodeConfigModel = {
  registries: [
    {
      id: '1',
      address: 'ghcr.io',
      scheme: 'https',
      tls: { insecureSkipVerify: false },
      deliver: 'both',
      credential: { id: '3', username: 'ci', password: SecretText.of('with\u0007bell') },
      scopedCredentials: [{ id: '2', scope: 'team-a' }],
    },
  ],
  mirrors: [
    {
      registry: 'docker.io',
      endpoints: ['ftp:/nowhere at all'],
      rewrites: [{ pattern: '^a(', replacement: 'b' }],
    },
  ],
};

describe('what a finding of node config is about', () => {
  const config = buildNodeConfig(model, { format: 'k3s-registries.yaml', secrets: 'masked' });
  const subjectsOf = (code: string) => [
    ...config.notExpressible
      .filter((each) => each.code === code)
      .map(({ detail }) => aboutOf(detail, null)),
    ...config.diagnostics
      .filter((each) => each.code === code)
      .map(({ message, path }) => aboutOf(message, path)),
  ];

  it('is host and scope of a credential that nodes cannot have', () => {
    expect(subjectsOf('node-config.scoped-credential')).toEqual(['ghcr.io/team-a']);
  });

  it('is the host of a login with a control character', () => {
    expect(subjectsOf('node-config.unsafe-credential')).toEqual(['ghcr.io']);
  });

  it('is the mirror and its rule', () => {
    expect(subjectsOf('node-config.rewrite')).toEqual(['docker.io · ^a(']);
  });

  it('is the mirror and its endpoint', () => {
    expect(subjectsOf('node-config.endpoint-invalid')).toEqual(['docker.io · ftp:/nowhere at all']);
  });

  it('keeps both halves of a rule together', () => {
    expect(namedIn('docker.io: the rule "a\\"b" → "c" needs a backslash')).toEqual([
      'docker.io',
      '"a\\"b" → "c"',
    ]);
  });
});
