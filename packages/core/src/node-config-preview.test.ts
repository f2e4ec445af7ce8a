import { describe, expect, test } from 'vitest';
import { nodeConfigFormats } from './node-config/build-node-config.js';
import {
  maskedSecret,
  type NodeConfigModel,
  type NodeConfigRegistry,
} from './node-config/model.js';
import { type NodeConfigDraft, previewNodeConfig } from './node-config-preview.js';
import { SecretText } from './secret-text.js';

const masked = SecretText.of(maskedSecret);

function buildRegistry(
  address: string,
  overrides: Partial<NodeConfigRegistry> = {},
): NodeConfigRegistry {
  return {
    id: address,
    address,
    deliver: 'both',
    scheme: 'https',
    tls: { insecureSkipVerify: false },
    credential: { id: 'c', username: 'ci', password: masked },
    scopedCredentials: [],
    ...overrides,
  };
}

const stored: NodeConfigModel = {
  mirrors: [{ registry: 'docker.io', endpoints: ['https://reg.example.com'], rewrites: [] }],
  registries: [
    buildRegistry('reg.example.com'),
    buildRegistry('pods.example.com', { deliver: 'pull-secret' }),
  ],
};
const k3s = (draft: NodeConfigDraft) => previewNodeConfig(stored, draft, 'k3s-registries.yaml');
const containerd = (draft: NodeConfigDraft) => previewNodeConfig(stored, draft, 'containerd-hosts');
const other = { registry: 'ghcr.io', endpoints: ['https://reg.example.com'], rewrites: [] };

describe('cost', () => {
  test.each(nodeConfigFormats)('%s: nothing drafted costs nothing', (format) => {
    const preview = previewNodeConfig(stored, {}, format);
    expect(preview).toMatchObject({ cost: 'none', changedFiles: [] });
  });

  test.each<[string, NodeConfigDraft, string, string]>([
    ['a further mirror', { mirrors: [...stored.mirrors, other] }, 'k3s', 'live'],
    ['the same mirrors', { mirrors: stored.mirrors }, 'none', 'none'],
    ['no mirrors', { mirrors: [] }, 'k3s', 'live'],
    [
      'a new login',
      { registry: { address: 'reg.example.com', change: 'login' } },
      'k3s',
      'containerd',
    ],
    [
      'a registry',
      { registry: { address: 'new.example.com', change: 'add' } },
      'k3s',
      'containerd',
    ],
    [
      'no registry',
      { registry: { address: 'reg.example.com', change: 'remove' } },
      'k3s',
      'containerd',
    ],
    [
      'the login off the nodes',
      { registry: { address: 'reg.example.com', change: 'deliver-pull-secret' } },
      'k3s',
      'containerd',
    ],
    [
      'a login brought to nodes',
      { registry: { address: 'pods.example.com', change: 'deliver-nodes' } },
      'k3s',
      'containerd',
    ],
    [
      'a new login that stays off the nodes',
      { registry: { address: 'pods.example.com', change: 'login' } },
      'none',
      'none',
    ],
    [
      'a login for a part of a registry',
      { registry: { address: 'reg.example.com/team-a', change: 'login' } },
      'none',
      'none',
    ],
    [
      'a registry removed that is not there',
      { registry: { address: 'gone.example.com', change: 'remove' } },
      'none',
      'none',
    ],
    [
      'the delivery of a registry that is not there',
      { registry: { address: 'gone.example.com', change: 'deliver-nodes' } },
      'none',
      'none',
    ],
  ])('%s', (_, draft, onK3s, onContainerd) => {
    expect(k3s(draft).cost).toBe(onK3s);
    expect(containerd(draft).cost).toBe(onContainerd);
  });

  test.each<[string, NodeConfigDraft, string]>([
    ['a mirror', { mirrors: [other] }, 'live'],
    ['a new login', { registry: { address: 'reg.example.com', change: 'login' } }, 'k3s'],
    ['a registry removed', { registry: { address: 'reg.example.com', change: 'remove' } }, 'k3s'],
    ['nothing', {}, 'none'],
  ])('where the agent makes the step: %s', (_, draft, cost) => {
    expect(k3s(draft).costWithAgent).toBe(cost);
  });

  test('nothing is said of the agent for a format that it does not bring', () => {
    expect(previewNodeConfig(stored, { mirrors: [other] }, 'crio').costWithAgent).toBeNull();
    expect(containerd({ mirrors: [other] }).costWithAgent).toBe('live');
  });

  test('names each file that changes', () => {
    const draft = { mirrors: [other] };
    expect(containerd(draft).changedFiles).toEqual([
      { path: '/etc/containerd/certs.d/docker.io/hosts.toml', change: 'removed' },
      { path: '/etc/containerd/certs.d/ghcr.io/hosts.toml', change: 'added' },
    ]);
    const login = { registry: { address: 'reg.example.com', change: 'login' } } as const;
    expect(k3s(login).changedFiles).toEqual([
      { path: '/etc/rancher/k3s/registries.yaml', change: 'changed' },
    ]);
  });

  test('the mark of a new login is never shown', () => {
    const preview = k3s({ registry: { address: 'reg.example.com', change: 'login' } });
    expect(JSON.stringify(preview)).not.toContain('(new)');
    expect(preview.config.files[0]?.content).toContain(maskedSecret);
  });
});

describe('a draft that could not be saved', () => {
  test.each(['h', 'https:/', 'https://', 'https://reg.example.com:', 'https://u:p@reg', '', ' '])(
    'the endpoint %j is left out and told, the rest is shown',
    (endpoint) => {
      const mirror = {
        registry: 'docker.io',
        endpoints: ['https://reg.example.com', endpoint],
        rewrites: [],
      };
      const { config } = k3s({ mirrors: [mirror] });
      expect(config.files[0]?.content).toContain('"https://reg.example.com"');
      // A single letter is a host already, as far as grammar goes.
      const told = config.diagnostics.map(({ code }) => code);
      expect(told.includes('node-config.endpoint-invalid')).toBe(endpoint !== 'h');
    },
  );

  test.each(['', 'do cker', 'ghcr.io/team', 'https://'])('the registry %j is told', (registry) => {
    const { config } = k3s({ mirrors: [{ registry, endpoints: ['https://m.io'], rewrites: [] }] });
    expect(config.diagnostics[0]).toMatchObject({
      severity: 'error',
      code: 'node-config.registry-invalid',
    });
  });

  test('a name that saving would put right is put right here', () => {
    const pasted = { registry: ' https://Docker.IO ', endpoints: [' https://M.io '], rewrites: [] };
    const { config } = k3s({ mirrors: [pasted] });
    expect(config.files[0]?.content).toContain(
      '"docker.io":\n    endpoint:\n      - "https://m.io"',
    );
  });

  test('an unfinished pattern is left out and told', () => {
    const rewrites = [{ pattern: '^(', replacement: 'x' }];
    const { config } = k3s({ mirrors: [{ ...other, rewrites }] });
    expect(config.notExpressible[0]?.code).toBe('node-config.rewrite');
  });

  test('an unfinished address is told without repeating it', () => {
    const address = 'https://user:planted@reg.example.com';
    const { config, cost } = k3s({ registry: { address, change: 'add' } });
    expect(cost).toBe('none');
    expect(config.diagnostics[0]?.code).toBe('node-config.registry-address-invalid');
    expect(JSON.stringify(config)).not.toContain('planted');
  });
});
