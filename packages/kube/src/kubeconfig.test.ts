import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import {
  authority,
  base64,
  client,
  early,
  expired,
  failure,
  jwt,
  kubeconfig,
  now,
  secret,
  success,
} from '../test/kubeconfig-text.js';
import { parseKubeconfig } from './kubeconfig.js';
import type { KubeconfigErrorCode } from './kubeconfig-error.js';

describe('a kubeconfig that can be used', () => {
  test('gives server, authority and token, and the token stays hidden', () => {
    const parsed = success(kubeconfig());
    expect(parsed.contexts).toEqual(['main']);
    expect(parsed.context).toBe('main');
    expect(parsed.namespace).toBe('team-a');
    expect(parsed.access.server).toBe('https://10.1.2.3:6443');
    expect(parsed.access.caCertificate).toBe(authority.certificate);
    expect(parsed.access.auth.kind === 'token' && parsed.access.auth.token.reveal()).toBe(secret);
    expect(`${JSON.stringify(parsed)}${inspect(parsed, { depth: 9 })}`).not.toContain(secret);
  });

  test('gives an inline client certificate with its key and its end', () => {
    const user = {
      'client-certificate-data': base64(client.certificate),
      'client-key-data': base64(client.key),
    };
    const parsed = success(kubeconfig({ user }));
    expect(parsed.access.auth.kind).toBe('client-certificate');
    expect(parsed.expiresAt?.getTime()).toBeGreaterThan(now.getTime());
    expect(inspect(parsed, { depth: 9 })).not.toContain('PRIVATE KEY');
  });

  test('keeps a base path and drops a closing slash', () => {
    const cluster = { server: 'https://rancher.example.com/k8s/clusters/c-1/' };
    expect(success(kubeconfig({ cluster })).access.server).toBe(
      'https://rancher.example.com/k8s/clusters/c-1',
    );
  });

  test('reads JSON, unknown fields and tls-server-name', () => {
    const cluster = {
      server: 'https://a.example',
      'tls-server-name': 'kubernetes',
      extensions: [],
    };
    const document = { preferences: { colors: true } };
    const asJson = JSON.stringify({
      ...JSON.parse(JSON.stringify({})),
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'main',
      clusters: [{ name: 'main', cluster }],
      users: [{ name: 'u', user: { token: secret } }],
      contexts: [{ name: 'main', context: { cluster: 'main', user: 'u' } }],
      ...document,
    });
    expect(success(asJson).access.tlsServerName).toBe('kubernetes');
  });

  test('takes the context that is asked for, whatever the current one is', () => {
    const document = {
      'current-context': '',
      users: [
        { name: 'admin', user: { token: 'one' } },
        { name: 'runs', user: { exec: { command: 'x' } } },
      ],
      contexts: [
        { name: 'bad', context: { cluster: 'main', user: 'runs' } },
        { name: 'good', context: { cluster: 'main', user: 'admin' } },
      ],
    };
    expect(success(kubeconfig({ document }), { context: 'good', now }).context).toBe('good');
    expect(failure(kubeconfig({ document }), { context: 'bad', now }).code).toBe('kubeconfig.exec');
  });

  test('tells when a token ends', () => {
    const exp = Math.floor(now.getTime() / 1000) + 60;
    expect(success(kubeconfig({ user: { token: jwt({ exp }) } })).expiresAt?.getTime()).toBe(
      exp * 1000,
    );
    expect(success(kubeconfig()).expiresAt).toBeNull();
  });

  test('allows http only when asked to', () => {
    const text = kubeconfig({ cluster: { server: 'http://127.0.0.1:9' } });
    expect(failure(text).code).toBe('kubeconfig.http-server');
    expect(success(text, { allowHttp: true }).access.server).toBe('http://127.0.0.1:9');
  });
});

describe('a kubeconfig that is refused', () => {
  const server = 'https://10.1.2.3:6443';
  const certificateUser = (data: string, key: string) => ({
    'client-certificate-data': data,
    'client-key-data': key,
  });
  const cases: readonly (readonly [KubeconfigErrorCode, string, string])[] = [
    ['kubeconfig.empty', 'nothing', '  \n'],
    ['kubeconfig.too-large', 'more than a mebibyte', `# ${'x'.repeat(1_100_000)}`],
    ['kubeconfig.html', 'a login page', '<!DOCTYPE html><html><body>Sign in</body></html>'],
    ['kubeconfig.invalid-yaml', 'a tab as indentation', `clusters:\n\t- token: ${secret}`],
    ['kubeconfig.invalid-yaml', 'a key twice', `token: ${secret}\ntoken: other\nclusters: []`],
    ['kubeconfig.not-a-kubeconfig', 'another kind', `kind: Secret\nclusters: []\ntoken: ${secret}`],
    ['kubeconfig.not-a-kubeconfig', 'a word', secret],
    [
      'kubeconfig.invalid',
      'a server that is a list',
      kubeconfig({ cluster: { server: [secret] } }),
    ],
    [
      'kubeconfig.duplicate-name',
      'two users of one name',
      kubeconfig({
        document: {
          users: [
            { name: 'admin', user: {} },
            { name: 'admin', user: { token: secret } },
          ],
        },
      }),
    ],
    [
      'kubeconfig.unknown-cluster',
      'a missing cluster',
      kubeconfig({
        document: { contexts: [{ name: 'main', context: { cluster: 'gone', user: 'admin' } }] },
      }),
    ],
    ['kubeconfig.unknown-user', 'a missing user', kubeconfig({ document: { users: [] } })],
    ['kubeconfig.no-server', 'no server', kubeconfig({ cluster: {} })],
    [
      'kubeconfig.invalid-server',
      'another scheme',
      kubeconfig({ cluster: { server: 'file:///etc/passwd' } }),
    ],
    [
      'kubeconfig.invalid-server',
      'user info',
      kubeconfig({ cluster: { server: `https://u:${secret}@a.example` } }),
    ],
    [
      'kubeconfig.invalid-server',
      'a query',
      kubeconfig({ cluster: { server: 'https://a.example/?x=' } }),
    ],
    ['kubeconfig.http-server', 'http', kubeconfig({ cluster: { server: 'http://10.1.2.3' } })],
    [
      'kubeconfig.auth-provider',
      'an auth-provider',
      kubeconfig({
        user: { 'auth-provider': { name: 'gcp', config: { 'access-token': secret } } },
      }),
    ],
    [
      'kubeconfig.file-path',
      'an authority file',
      kubeconfig({ cluster: { server, 'certificate-authority': '/etc/ca.pem' } }),
    ],
    [
      'kubeconfig.file-path',
      'a certificate file',
      kubeconfig({ user: { 'client-certificate': 'c.pem' } }),
    ],
    [
      'kubeconfig.file-path',
      'a key file',
      kubeconfig({ user: { 'client-key': 'k.pem', token: secret } }),
    ],
    [
      'kubeconfig.file-path',
      'a token file',
      kubeconfig({ user: { tokenFile: '/var/run/secrets/token' } }),
    ],
    [
      'kubeconfig.proxy-url',
      'a proxy',
      kubeconfig({ cluster: { server, 'proxy-url': 'http://169.254.169.254' } }),
    ],
    [
      'kubeconfig.basic-auth',
      'a password',
      kubeconfig({ user: { username: 'admin', password: secret } }),
    ],
    [
      'kubeconfig.impersonation',
      'another identity',
      kubeconfig({ user: { token: secret, as: 'system:admin' } }),
    ],
    ['kubeconfig.no-credentials', 'no means at all', kubeconfig({ user: {} })],
    ['kubeconfig.no-credentials', 'an empty user', kubeconfig({ user: null })],
    [
      'kubeconfig.ambiguous-credentials',
      'both means',
      kubeconfig({ user: { token: secret, ...certificateUser('YQ==', 'YQ==') } }),
    ],
    [
      'kubeconfig.invalid-token',
      'a token with a line break',
      kubeconfig({ user: { token: `${secret}\nX-Admin: 1` } }),
    ],
    [
      'kubeconfig.token-expired',
      'a token that has ended',
      kubeconfig({ user: { token: jwt({ exp: now.getTime() / 1000 - 5, sub: secret }) } }),
    ],
    [
      'kubeconfig.invalid-base64',
      'an authority that is not base64',
      kubeconfig({ cluster: { server, 'certificate-authority-data': authority.certificate } }),
    ],
    [
      'kubeconfig.invalid-ca',
      'an authority that is no certificate',
      kubeconfig({ cluster: { server, 'certificate-authority-data': base64('hello world') } }),
    ],
    [
      'kubeconfig.ca-with-skip-verify',
      'an authority that would be ignored',
      kubeconfig({
        cluster: {
          server,
          'certificate-authority-data': base64(authority.certificate),
          'insecure-skip-tls-verify': true,
        },
      }),
    ],
    [
      'kubeconfig.invalid-base64',
      'a client key that is not base64',
      kubeconfig({ user: certificateUser(base64(client.certificate), secret) }),
    ],
    [
      'kubeconfig.invalid-client-certificate',
      'a broken certificate',
      kubeconfig({
        user: certificateUser(base64(client.certificate.replace('MII', 'MIX')), base64(client.key)),
      }),
    ],
    [
      'kubeconfig.invalid-client-key',
      'a key that is none',
      kubeconfig({ user: certificateUser(base64(client.certificate), base64(secret)) }),
    ],
    [
      'kubeconfig.client-key-mismatch',
      'the key of another',
      kubeconfig({ user: certificateUser(base64(client.certificate), base64(authority.key)) }),
    ],
    [
      'kubeconfig.client-certificate-expired',
      'a certificate that has ended',
      kubeconfig({ user: certificateUser(base64(expired.certificate), base64(expired.key)) }),
    ],
    [
      'kubeconfig.client-certificate-not-yet-valid',
      'a certificate of tomorrow',
      kubeconfig({ user: certificateUser(base64(early.certificate), base64(early.key)) }),
    ],
  ];

  test.each(cases)(
    'is answered with %s for %s, without a secret in the answer',
    (code, _what, text) => {
      const error = failure(text);
      expect(error.code).toBe(code);
      expect(error.detail).not.toBe('');
      expect(JSON.stringify(error)).not.toContain(secret);
    },
  );

  test('lists the contexts when none, or an unknown one, is chosen', () => {
    const text = kubeconfig({ document: { 'current-context': undefined } });
    expect(failure(text)).toMatchObject({
      code: 'kubeconfig.no-current-context',
      contexts: ['main'],
    });
    const wrong = failure(kubeconfig(), { context: 'prod', now });
    expect(wrong).toMatchObject({ code: 'kubeconfig.unknown-context', contexts: ['main'] });
  });

  test('refuses an alias bomb quickly', () => {
    const levels = Array.from({ length: 12 }, (_, i) =>
      i === 0
        ? 'l0: &l0 [x, x, x, x, x, x, x, x, x]'
        : `l${i}: &l${i} [${Array(9)
            .fill(`*l${i - 1}`)
            .join(', ')}]`,
    );
    expect(failure(`${levels.join('\n')}\nclusters: []`).code).toBe('kubeconfig.invalid-yaml');
  });

  test('expiry is not looked at without a time', () => {
    const text = kubeconfig({ user: { token: jwt({ exp: 1 }) } });
    expect(parseKubeconfig(text).ok).toBe(true);
  });
});
