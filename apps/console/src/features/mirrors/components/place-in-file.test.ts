import { buildNodeConfig, type NodeConfigModel, SecretText } from '@moorage/core';
import { describe, expect, it } from 'vitest';
import { entryOf, lineOfEntry } from './place-in-file';

const registry = (address: string): NodeConfigModel['registries'][number] => ({
  id: address,
  address,
  scheme: 'https',
  tls: { insecureSkipVerify: false },
  deliver: 'both',
  credential: { id: address, username: 'ci', password: SecretText.of('x') },
  scopedCredentials: [],
});

const { files } = buildNodeConfig(
  {
    registries: [registry('docker.io'), registry('reg.example:5000')],
    mirrors: [
      { registry: 'docker.io', endpoints: ['https://reg.example:5000'], rewrites: [] },
      { registry: '*', endpoints: ['https://all.example'], rewrites: [] },
    ],
  },
  { format: 'k3s-registries.yaml', secrets: 'masked' },
);
const content = files[0]?.content ?? '';

describe('the line of an entry', () => {
  it.each([
    ['mirrors.docker.io', '"docker.io":'],
    ['mirrors["docker.io"].endpoint[0]', '"docker.io":'],
    ['mirrors["*"]', '"*":'],
    ['registries.docker.io', '"registry-1.docker.io":'],
    ['configs["reg.example:5000"].auth', '"reg.example:5000":'],
  ])('is found for %s', (path, text) => {
    const entry = entryOf(path);
    const line = entry === null ? null : lineOfEntry(content, entry);
    expect(content.split('\n')[(line ?? 0) - 1]?.trim()).toBe(text);
  });

  it.each([null, '', 'registries', 'mirrors.gone.example'])('is none for %s', (path) => {
    const entry = entryOf(path);
    expect(entry === null ? null : lineOfEntry(content, entry)).toBeNull();
  });
});
