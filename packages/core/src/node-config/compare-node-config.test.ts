import { expect, test } from 'vitest';
import { compareNodeConfig } from './compare-node-config.js';
import type { NodeFile } from './model.js';

const yaml = (content: string): NodeFile => ({
  path: '/etc/rancher/k3s/registries.yaml',
  mode: '0600',
  content,
});
const other = (path: string, content: string): NodeFile => ({ path, mode: '0644', content });

test.each<[string, NodeFile[], NodeFile[], string]>([
  ['nothing differs', [yaml('a\n')], [yaml('a\n')], 'none'],
  ['only a comment differs', [yaml('# one\na\n')], [yaml('# two\na\n')], 'none'],
  ['registries.yaml differs', [yaml('a\n')], [yaml('b\n')], 'k3s'],
  ['registries.yaml is new', [], [yaml('b\n')], 'k3s'],
  ['registries.yaml goes away', [yaml('b\n')], [], 'k3s'],
  [
    'only a certificate differs',
    [yaml('a'), other('/t/x.crt', '1')],
    [yaml('a'), other('/t/x.crt', '2')],
    'live',
  ],
  ['hosts.toml differs', [other('/c/x/hosts.toml', '1')], [other('/c/x/hosts.toml', '2')], 'live'],
  [
    'config.toml differs',
    [other('/c/config.toml', '1'), other('/c/hosts.toml', '1')],
    [other('/c/config.toml', '2')],
    'containerd',
  ],
  [
    'both kinds differ',
    [yaml('a'), other('/c/config.toml', '1')],
    [yaml('b'), other('/c/config.toml', '2')],
    'k3s',
  ],
])('when %s the cost is stated', (_case, before, after, cost) => {
  expect(compareNodeConfig(before, after)).toBe(cost);
});
