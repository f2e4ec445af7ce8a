/**
 * Connection settings of a registry: checked when they are stored, so that a fault is named where it
 * was made and not on a node months later. X.509 is parsed by the runtime (OpenSSL).
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { ConnectionInput } from '@moorage/contract';
import { SecretText } from '@moorage/core';
import type { z } from 'zod';
import { Problem } from '../http/problem.js';
import type { RowIdentity } from '../sealing/secret-box.js';

export type ConnectionChange = z.output<typeof ConnectionInput>;

export interface StoredConnection {
  readonly scheme: 'https' | 'http';
  readonly caCertificate: string | null;
  readonly insecureSkipVerify: boolean;
  readonly clientCertificate: string | null;
}

export const DEFAULT_CONNECTION: StoredConnection = {
  scheme: 'https',
  caCertificate: null,
  insecureSkipVerify: false,
  clientCertificate: null,
};

/** undefined = the stored key stays, null = it goes */
export interface CheckedConnection extends StoredConnection {
  readonly clientKey: SecretText | null | undefined;
}

/** Where a registry's client key is sealed. */
export function clientKeyIdentity(registryId: string): RowIdentity {
  return { table: 'registries', id: registryId, field: 'client_key' };
}

/**
 * The settings after a change, or `registry.connection-invalid` naming the field. Absent fields
 * stay; a client key goes with its certificate.
 */
export function checkConnection(
  before: StoredConnection & { readonly hasClientKey: boolean },
  change: ConnectionChange,
): CheckedConnection {
  const after = {
    scheme: change.scheme ?? before.scheme,
    caCertificate: readCertificates(change.caCertificate, before, 'caCertificate'),
    insecureSkipVerify: change.insecureSkipVerify ?? before.insecureSkipVerify,
    clientCertificate: readCertificates(change.clientCertificate, before, 'clientCertificate'),
  };
  const clientKey = change.clientKey === undefined ? undefined : emptyToNull(change.clientKey);
  const staysPaired = after.clientCertificate === before.clientCertificate && before.hasClientKey;
  checkClientPair(after.clientCertificate, clientKey, staysPaired);
  if (after.scheme === 'http' && hasTls(after))
    refuse(
      'scheme',
      'connection.http-with-tls',
      'Over http there is no TLS: take the certificates and the skipped check away, or use https.',
    );
  const removed = after.clientCertificate === null && before.hasClientKey ? null : undefined;
  return {
    ...after,
    clientKey: typeof clientKey === 'string' ? SecretText.of(clientKey) : (clientKey ?? removed),
  };
}

/** Only the certificates themselves: text around them is not stored, shown or sent to nodes. */
function readCertificates(
  pem: string | null | undefined,
  before: StoredConnection,
  field: CertificateField,
): string | null {
  if (pem === undefined) return before[field];
  const text = emptyToNull(pem);
  return text === null ? null : `${findCertificates(text, field).join('\n')}\n`;
}

function hasTls(connection: StoredConnection): boolean {
  return (
    connection.caCertificate !== null ||
    connection.clientCertificate !== null ||
    connection.insecureSkipVerify
  );
}

function checkClientPair(
  certificate: string | null,
  key: string | null | undefined,
  hasStoredKey: boolean,
): void {
  const willHaveKey = key === undefined ? hasStoredKey : key !== null;
  if (certificate === null && typeof key === 'string')
    refuse(
      'clientCertificate',
      'connection.certificate-missing',
      'A client key needs its certificate.',
    );
  if (certificate === null) return;
  // The first one is the client's own; after it come those that vouch for it (RFC 8446, 4.4.2).
  const leaf = new X509Certificate(certificate);
  if (!willHaveKey)
    refuse('clientKey', 'connection.key-missing', 'A client certificate needs its private key.');
  if (typeof key === 'string' && !leaf.checkPrivateKey(parseKey(key))) {
    refuse(
      'clientKey',
      'connection.key-mismatch',
      'This private key does not belong to the client certificate.',
    );
  }
}

type CertificateField = 'caCertificate' | 'clientCertificate';
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+?-----END CERTIFICATE-----/g;
const ANY_BLOCK = /-----BEGIN /g;

function findCertificates(pem: string, field: CertificateField): readonly string[] {
  if (pem.includes('PRIVATE KEY'))
    refuse(
      field,
      'connection.key-in-certificate',
      'This holds a private key. Paste only the certificate here.',
    );
  const blocks = pem.match(CERTIFICATE) ?? [];
  if (blocks.length === 0)
    refuse(
      field,
      'connection.not-pem',
      'No PEM certificate found. It starts with -----BEGIN CERTIFICATE-----.',
    );
  if (blocks.length !== pem.match(ANY_BLOCK)?.length || !blocks.every(isCertificate))
    refuse(
      field,
      'connection.bad-certificate',
      'A PEM block here does not hold a certificate, or is cut off.',
    );
  return blocks;
}

function isCertificate(block: string): boolean {
  try {
    return new X509Certificate(block).raw.length > 0;
  } catch {
    return false;
  }
}

function parseKey(pem: string) {
  try {
    return createPrivateKey(pem);
  } catch {
    // The runtime's message can tell of the key's inside.
    return refuse(
      'clientKey',
      'connection.bad-key',
      'No usable private key found. Give it in PEM, without a passphrase.',
    );
  }
}

function emptyToNull(text: string | null): string | null {
  return text === null || text.trim() === '' ? null : text;
}

function refuse(field: string, code: string, detail: string): never {
  throw new Problem('registry.connection-invalid', detail, {
    errors: [{ pointer: `/connection/${field}`, code, detail }],
  });
}
