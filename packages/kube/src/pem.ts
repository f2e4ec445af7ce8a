/** PEM in base64, as kubeconfigs carry it. Null for what cannot be read; nothing is quoted. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';

const base64 = /^[A-Za-z0-9+/]+={0,2}$/;
const certificateBlock = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;
/** A bundle of every public authority has about 150. */
const maxCertificates = 300;

/** Strict base64 (Node's decoder skips what it does not know). Line breaks are allowed. */
export function decodePem(data: string): string | null {
  const compact = data.replace(/\s+/g, '');
  if (!base64.test(compact) || compact.length % 4 !== 0) return null;
  return Buffer.from(compact, 'base64').toString('utf8');
}

/** All certificates, first one first, or null when there is none or one is broken. */
export function parseCertificates(pem: string): readonly X509Certificate[] | null {
  const blocks = pem.match(certificateBlock) ?? [];
  if (blocks.length === 0 || blocks.length > maxCertificates) return null;
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    return null;
  }
}

export function parsePrivateKey(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem);
  } catch {
    return null;
  }
}

export function keyMatchesCertificate(certificate: X509Certificate, key: KeyObject): boolean {
  return certificate.checkPrivateKey(key);
}
