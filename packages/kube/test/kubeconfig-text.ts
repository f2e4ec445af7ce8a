/** Kubeconfigs for tests: a good one, and any part of it replaced. */
import { stringify } from 'yaml';
import { type ParseKubeconfigOptions, parseKubeconfig } from '../src/kubeconfig.js';
import { issueCertificate } from './certificates.js';

export const hour = 3_600_000;
export const now = new Date();
export const authority = issueCertificate({ name: 'cluster-ca', isAuthority: true });
export const client = issueCertificate({ name: 'system:admin' }, authority);
export const expired = issueCertificate(
  {
    name: 'old',
    notBefore: new Date(now.getTime() - 9 * hour),
    notAfter: new Date(now.getTime() - hour),
  },
  authority,
);
export const early = issueCertificate(
  {
    name: 'early',
    notBefore: new Date(now.getTime() + hour),
    notAfter: new Date(now.getTime() + 9 * hour),
  },
  authority,
);
export const secret = 'marker-token-7f3a';

export const base64 = (text: string) => Buffer.from(text).toString('base64');
export const jwt = (claims: object) =>
  `${base64('{"alg":"RS256"}')}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

interface Parts {
  readonly cluster?: object;
  readonly user?: object | null;
  readonly document?: object;
}

export function kubeconfig({ cluster, user, document }: Parts = {}): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'main',
    clusters: [
      {
        name: 'main',
        cluster: cluster ?? {
          server: 'https://10.1.2.3:6443',
          'certificate-authority-data': base64(authority.certificate),
        },
      },
    ],
    users: [{ name: 'admin', user: user === undefined ? { token: secret } : user }],
    contexts: [{ name: 'main', context: { cluster: 'main', user: 'admin', namespace: 'team-a' } }],
    ...document,
  });
}

export function failure(text: string, options: ParseKubeconfigOptions = { now }) {
  const result = parseKubeconfig(text, options);
  if (result.ok) throw new Error('expected a refusal');
  return result.error;
}

export function success(text: string, options: ParseKubeconfigOptions = { now }) {
  const result = parseKubeconfig(text, options);
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.detail}`);
  return result.value;
}
