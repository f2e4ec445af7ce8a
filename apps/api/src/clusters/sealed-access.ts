/** Between the access of a kubeconfig and its row: the token or private key is sealed, the rest is plain. */
import type { SecretText } from '@moorage/core';
import type { ClusterAccess } from '@moorage/kube';
import type { SecretBox } from '../sealing/secret-box.js';
import type { StoredAccess } from './cluster-row.js';

function identity(clusterId: string) {
  return { table: 'clusters', id: clusterId, field: 'access' };
}

export function sealAccess(box: SecretBox, clusterId: string, access: ClusterAccess): StoredAccess {
  const { auth } = access;
  const secret = secretOf(auth);
  const sealed = secret === null ? null : box.seal(secret, identity(clusterId));
  return {
    server: access.server,
    caCertificate: access.caCertificate,
    tlsServerName: access.tlsServerName,
    insecureSkipVerify: access.insecureSkipVerify,
    accessKind: auth.kind === 'client-certificate' ? 'client-certificate' : 'token',
    clientCertificate: auth.kind === 'client-certificate' ? auth.certificate : null,
    sealed: sealed?.sealed ?? null,
    keyId: sealed?.keyId ?? null,
  };
}

export function openAccess(box: SecretBox, clusterId: string, stored: StoredAccess): ClusterAccess {
  const { server, caCertificate, tlsServerName, insecureSkipVerify } = stored;
  return {
    server,
    caCertificate,
    tlsServerName,
    insecureSkipVerify,
    auth: openAuth(box, clusterId, stored),
  };
}

function openAuth(box: SecretBox, clusterId: string, stored: StoredAccess): ClusterAccess['auth'] {
  if (stored.sealed === null || stored.keyId === null) return { kind: 'none' };
  const secret = box.open({ sealed: stored.sealed, keyId: stored.keyId }, identity(clusterId));
  if (stored.accessKind !== 'client-certificate') return { kind: 'token', token: secret };
  return { kind: 'client-certificate', certificate: stored.clientCertificate ?? '', key: secret };
}

function secretOf(auth: ClusterAccess['auth']): SecretText | null {
  if (auth.kind === 'token') return auth.token;
  return auth.kind === 'client-certificate' ? auth.key : null;
}
