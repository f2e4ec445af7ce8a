import { describe, expect, it } from 'vitest';
import { readHostsFile } from '../pull-plan/hosts-file.js';
import { type ArrangeOptions, arrangeNodeFiles } from './arrange-node-files.js';
import { encodeNodeFiles } from './node-files-secret.js';

const certificate = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const key = '-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n';
const ca = '/etc/rancher/k3s/tls/mirror.example.com.crt';
const clientKey = '/etc/rancher/k3s/tls/mirror.example.com.client.key';
const clientCertificate = '/etc/rancher/k3s/tls/mirror.example.com.client.crt';
const document = `mirrors:
  "docker.io":
    endpoint: ["https://mirror.example.com"]
    rewrite:
      "^library/(.*)": "hub/$1"
configs:
  "mirror.example.com":
    auth: {username: "puller", password: "secret"}
    tls: {ca_file: "${ca}", cert_file: "${clientCertificate}", key_file: "${clientKey}"}
`;
const options: ArrangeOptions = {
  distribution: 'k3s',
  madeFor: 'k3s',
  disableDefaultEndpoint: false,
  embeddedRegistry: null,
};

function secretOf(text: string): Record<string, string> {
  const encoded = encodeNodeFiles(
    [
      { path: '/etc/rancher/k3s/registries.yaml', mode: '0600', content: text },
      { path: ca, mode: '0644', content: certificate },
      { path: clientCertificate, mode: '0644', content: certificate },
      { path: clientKey, mode: '0600', content: key },
    ],
    'k3s',
  );
  return encoded.ok ? { ...encoded.value } : {};
}

function arrange(data: Record<string, string>, more: Partial<ArrangeOptions> = {}) {
  const arranged = arrangeNodeFiles(data, { ...options, ...more });
  return arranged.ok
    ? { files: arranged.value, refusal: null }
    : { files: [], refusal: arranged.error };
}

describe('the files of a node', () => {
  it('stand where K3s reads them, certificates first and logins last', () => {
    const { files } = arrange(secretOf(document));
    const certs = '/var/lib/rancher/k3s/agent/etc/containerd/certs.d';
    expect(files.map(({ path, mode }) => `${mode} ${path}`)).toEqual([
      `0644 ${clientCertificate}`,
      `0600 ${clientKey}`,
      `0644 ${ca}`,
      `0644 ${certs}/docker.io/hosts.toml`,
      `0644 ${certs}/mirror.example.com/hosts.toml`,
      '0600 /etc/rancher/k3s/registries.yaml',
    ]);
    expect(files.at(-1)?.content).toBe(document);
  });

  it('are none when the Secret is gone or holds nothing of ours', () => {
    expect(arrange({})).toEqual({ files: [], refusal: null });
    expect(arrange({ other: 'x' })).toEqual({ files: [], refusal: null });
  });

  it('follow the flags of a node that switches the default endpoint off or has an embedded registry', () => {
    const data = secretOf(document);
    const { files } = arrange(data, {
      disableDefaultEndpoint: true,
      embeddedRegistry: '127.0.0.1:6443',
    });
    const hub = files.find(({ path }) => path.endsWith('docker.io/hosts.toml'));
    expect(hub?.content).not.toContain('server =');
    expect(hub?.content).toContain('[host."https://127.0.0.1:6443/v2"]');
  });

  it('are containerd’s own where no K3s drives it, certificates and logins included', () => {
    const { files } = arrange(secretOf(document), { distribution: 'containerd' });
    expect(files.map(({ path }) => path)).toEqual([
      '/etc/containerd/tls/mirror.example.com.client.crt',
      '/etc/containerd/tls/mirror.example.com.client.key',
      '/etc/containerd/tls/mirror.example.com.crt',
      '/etc/containerd/certs.d/docker.io/hosts.toml',
      '/etc/containerd/certs.d/mirror.example.com/hosts.toml',
      '/etc/containerd/moorage-registries.toml',
    ]);
    const [, , , hub, , logins] = files;
    expect(hub?.content.split('\n')[0]).toBe(
      '# Written by Moorage. containerd reads this file on every pull.',
    );
    expect(readHostsFile(hub?.content ?? '', 'stock')?.[0]).toMatchObject({
      host: 'mirror.example.com',
      tls: { caFile: '/etc/containerd/tls/mirror.example.com.crt' },
    });
    expect(logins?.content).toContain(`registry.configs.'mirror.example.com'.auth]`);
    const without = arrange(
      secretOf('mirrors: {docker.io: {endpoint: ["https://m.example.com"]}}\n'),
      {
        distribution: 'containerd',
      },
    );
    expect(without.files.some(({ kind }) => kind === 'logins')).toBe(false);
  });
});

describe('a config is refused, with the place and without a secret', () => {
  const data = secretOf(document);
  it.each<[string, Record<string, string>, Partial<ArrangeOptions>, string, RegExp]>([
    [
      'when K3s would not start with it',
      { ...data, 'registries.yaml': 'mirrors:\n  docker.io:\n    endpoint: secret\n' },
      {},
      'config.refused',
      /line 3/,
    ],
    [
      'when it is not YAML',
      { ...data, 'registries.yaml': 'mirrors: [' },
      {},
      'config.refused',
      /line [12],/,
    ],
    [
      'when a part of it certainly does not work',
      {
        ...data,
        'registries.yaml':
          'configs:\n  a.example.com:\n    auth: {password: secret}\n    tls: {key_file: /k}\n',
      },
      {},
      'config.refused',
      /key-without-cert/,
    ],
    [
      'when containerd could not read a hosts.toml',
      { ...data, 'hosts.toml.docker.io': '[host."https://x"]\n  capabilities = ["fly"]\n' },
      {},
      'config.not-readable',
      /docker\.io\/hosts\.toml/,
    ],
    [
      'when a certificate is none',
      { ...data, 'tls.mirror.example.com.crt': 'secret' },
      {},
      'config.not-readable',
      /mirror\.example\.com\.crt/,
    ],
    [
      'when a certificate is missing',
      Object.fromEntries(
        Object.entries(data).filter(([name]) => name !== 'tls.mirror.example.com.crt'),
      ),
      {},
      'config.incomplete',
      /points to \/etc\/rancher\/k3s\/tls\/mirror\.example\.com\.crt/,
    ],
    [
      'when the document itself is missing',
      { 'hosts.toml.docker.io': '' },
      {},
      'config.incomplete',
      /no registries\.yaml/,
    ],
    [
      'when it is for other nodes',
      data,
      { distribution: 'rke2' },
      'config.other-distribution',
      /k3s/,
    ],
  ])('%s', (_, broken, more, code, detail) => {
    const { refusal } = arrange(broken, more);
    expect(refusal?.code).toBe(code);
    expect(refusal?.detail).toMatch(detail);
    expect(refusal?.detail).not.toContain('secret');
  });
});
