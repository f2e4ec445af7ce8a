import { Err, Ok, type Result, SecretText } from '@moorage/core';
import type { ClusterAuth } from './cluster-access.js';
import { type KubeconfigError, refuse } from './kubeconfig-error.js';
import type { KubeconfigUser } from './kubeconfig-schema.js';
import { decodePem, keyMatchesCertificate, parseCertificates, parsePrivateKey } from './pem.js';
import { serviceAccountSnippet } from './service-account-snippet.js';
import { tokenExpiry } from './token-expiry.js';

export interface DecidedAuth {
  readonly auth: ClusterAuth;
  readonly expiresAt: Date | null;
}

/** Which of the user's means is taken: a token or a client certificate, never both, never a program. */
export function decideAuth(
  user: KubeconfigUser,
  now: Date | null,
): Result<DecidedAuth, KubeconfigError> {
  const refused = refuseForeignMeans(user);
  if (refused !== null) return Err(refused);
  const hasToken = isGiven(user.token);
  const hasCertificate =
    isGiven(user['client-certificate-data']) || isGiven(user['client-key-data']);
  if (hasToken && hasCertificate) {
    return Err(
      refuse(
        'kubeconfig.ambiguous-credentials',
        'The user has a token and a client certificate. Keep the one that is meant.',
      ),
    );
  }
  if (hasToken) return decideToken(user.token ?? '', now);
  if (hasCertificate) return decideCertificate(user, now);
  return Err(
    refuse('kubeconfig.no-credentials', 'The user has neither a token nor a client certificate.', {
      snippet: serviceAccountSnippet,
    }),
  );
}

function refuseForeignMeans(user: KubeconfigUser): KubeconfigError | null {
  const snippet = serviceAccountSnippet;
  if (isGiven(user.exec)) {
    return refuse(
      'kubeconfig.exec',
      'The user gets its credentials by running a program (exec), which is never done here. Use a service account’s token.',
      { snippet },
    );
  }
  if (isGiven(user['auth-provider'])) {
    return refuse(
      'kubeconfig.auth-provider',
      'The user gets its credentials from an auth-provider plugin, which is not supported. Use a service account’s token.',
      { snippet },
    );
  }
  for (const field of ['tokenFile', 'client-certificate', 'client-key'] as const) {
    if (!isGiven(user[field])) continue;
    return refuse(
      'kubeconfig.file-path',
      `${field} names a file, and no file is ever opened. "kubectl config view --raw --flatten --minify" puts contents in place of paths.`,
      { pointer: `/users/user/${field}` },
    );
  }
  if (isGiven(user.username) || isGiven(user.password)) {
    return refuse(
      'kubeconfig.basic-auth',
      'The user signs in with a user name and password, which Kubernetes no longer accepts. Use a service account’s token.',
      { snippet },
    );
  }
  for (const field of ['as', 'as-uid', 'as-groups', 'as-user-extra'] as const) {
    if (!isGiven(user[field])) continue;
    return refuse(
      'kubeconfig.impersonation',
      `The user acts as somebody else (${field}), which is not supported. Use the credentials of that account itself.`,
      { snippet },
    );
  }
  return null;
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

function decideToken(text: string, now: Date | null): Result<DecidedAuth, KubeconfigError> {
  const token = text.trim();
  // RFC 6750 `b68token`, loosely: whatever cannot stand in a header is not a token.
  if (!/^[\x21-\x7e]+$/.test(token)) {
    return Err(
      refuse(
        'kubeconfig.invalid-token',
        'The token holds spaces or characters that a token cannot have.',
      ),
    );
  }
  const expiresAt = tokenExpiry(token);
  if (now !== null && expiresAt !== null && expiresAt <= now) {
    return Err(
      refuse(
        'kubeconfig.token-expired',
        `The token expired at ${expiresAt.toISOString()}. Use one that lasts.`,
        { snippet: serviceAccountSnippet },
      ),
    );
  }
  return Ok({ auth: { kind: 'token', token: SecretText.of(token) }, expiresAt });
}

function decideCertificate(
  user: KubeconfigUser,
  now: Date | null,
): Result<DecidedAuth, KubeconfigError> {
  const certificate = decodePem(user['client-certificate-data'] ?? '');
  const key = decodePem(user['client-key-data'] ?? '');
  if (certificate === null || key === null) {
    const field = certificate === null ? 'client-certificate-data' : 'client-key-data';
    return Err(refuse('kubeconfig.invalid-base64', `${field} is not base64.`));
  }
  const [leaf] = parseCertificates(certificate) ?? [];
  if (leaf === undefined) {
    return Err(
      refuse(
        'kubeconfig.invalid-client-certificate',
        'client-certificate-data does not hold a certificate in PEM form.',
      ),
    );
  }
  const privateKey = parsePrivateKey(key);
  if (privateKey === null) {
    return Err(
      refuse(
        'kubeconfig.invalid-client-key',
        'client-key-data does not hold an unencrypted private key in PEM form.',
      ),
    );
  }
  if (!keyMatchesCertificate(leaf, privateKey)) {
    return Err(
      refuse(
        'kubeconfig.client-key-mismatch',
        'The client key does not belong to the client certificate.',
      ),
    );
  }
  if (now !== null && leaf.validToDate <= now) {
    return Err(
      refuse(
        'kubeconfig.client-certificate-expired',
        `The client certificate expired at ${leaf.validToDate.toISOString()}.`,
        { snippet: serviceAccountSnippet },
      ),
    );
  }
  if (now !== null && leaf.validFromDate > now) {
    return Err(
      refuse(
        'kubeconfig.client-certificate-not-yet-valid',
        `The client certificate is valid from ${leaf.validFromDate.toISOString()} on. Is a clock wrong?`,
      ),
    );
  }
  return Ok({
    auth: { kind: 'client-certificate', certificate, key: SecretText.of(key) },
    expiresAt: leaf.validToDate,
  });
}
