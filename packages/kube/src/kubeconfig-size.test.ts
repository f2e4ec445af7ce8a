import { expect, test } from 'vitest';
import { parseKubeconfig } from './index.js';

function codeOf(text: string): string | null {
  const parsed = parseKubeconfig(text);
  return parsed.ok ? null : parsed.error.code;
}

// The parser compares each key of a map with all before it, unless told not to: minutes.
test('a document of a great many keys is refused in the time of any other', () => {
  const keys = Array.from({ length: 90_000 }, (_, index) => `k${index}: 1`).join('\n');
  const startedAt = performance.now();
  expect(codeOf(keys)).toBe('kubeconfig.not-a-kubeconfig');
  expect(performance.now() - startedAt).toBeLessThan(15_000);
}, 60_000);

test('a key that stands twice in one map is refused, wherever the map is', () => {
  for (const text of [
    'kind: Config\nkind: Config',
    'clusters:\n- cluster: {server: a, server: b}',
  ]) {
    expect(codeOf(text)).toBe('kubeconfig.invalid-yaml');
  }
});

test('a document that is nested without end is refused', () => {
  expect(codeOf('['.repeat(200_000))).toBe('kubeconfig.invalid-yaml');
});
