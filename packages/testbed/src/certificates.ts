/**
 * A throwaway certificate authority with one server certificate, made by openssl: node:crypto can
 * make keys but not X.509 certificates. P-256 keys, because RSA ones take a second each.
 */
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface ServerCertificate {
  readonly caFile: string;
  readonly caCertificate: string;
  readonly certificateFile: string;
  readonly keyFile: string;
}

export interface CertificateOptions {
  readonly names?: readonly string[];
  readonly addresses?: readonly string[];
  /** Negative: already expired. */
  readonly days?: number;
}

export async function createServerCertificate(
  directory: string,
  options: CertificateOptions = {},
): Promise<ServerCertificate> {
  const path = (name: string) => join(directory, name);
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const authority = [
    '-keyout',
    path('ca.key'),
    '-out',
    path('ca.crt'),
    '-days',
    '2',
    '-subj',
    '/CN=testbed-ca',
  ];
  await run('openssl', ['req', '-x509', ...newKey, ...authority]);
  const request = [
    '-keyout',
    path('server.key'),
    '-out',
    path('server.csr'),
    '-subj',
    '/CN=testbed',
  ];
  await run('openssl', ['req', '-new', ...newKey, ...request]);
  writeFileSync(path('server.ext'), extensions(options));
  await run('openssl', [
    ...['x509', '-req', '-in', path('server.csr'), '-CA', path('ca.crt'), '-CAkey', path('ca.key')],
    ...['-CAcreateserial', '-out', path('server.crt'), '-days', String(options.days ?? 2)],
    ...['-extfile', path('server.ext')],
  ]);
  return {
    caFile: path('ca.crt'),
    caCertificate: readFileSync(path('ca.crt'), 'utf8'),
    certificateFile: path('server.crt'),
    keyFile: path('server.key'),
  };
}

function extensions(options: CertificateOptions): string {
  const names = (options.names ?? ['localhost']).map((name) => `DNS:${name}`);
  const addresses = (options.addresses ?? ['127.0.0.1']).map((address) => `IP:${address}`);
  return [
    `subjectAltName=${[...names, ...addresses].join(',')}`,
    'extendedKeyUsage=serverAuth',
    'keyUsage=digitalSignature',
    '',
  ].join('\n');
}
