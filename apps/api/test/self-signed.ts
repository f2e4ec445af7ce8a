/**
 * Self-signed X.509 certificates (RFC 5280) for tests, written as DER by hand: the runtime reads
 * certificates but makes none, and no private key has to lie in the repository. Ed25519 (RFC 8410).
 */
import { generateKeyPairSync, sign } from 'node:crypto';

export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

const SEQUENCE = 0x30;
const SET = 0x31;
// id-Ed25519, 1.3.101.112
const ED25519 = der(SEQUENCE, der(0x06, Buffer.from([0x2b, 0x65, 0x70])));

export function createKeyPair(commonName = 'test client'): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const cnOid = der(0x06, Buffer.from([0x55, 0x04, 0x03])); // id-at-commonName, 2.5.4.3
  const name = der(
    SEQUENCE,
    der(SET, der(SEQUENCE, cnOid, der(0x0c, Buffer.from(commonName, 'utf8')))),
  );
  const validity = der(SEQUENCE, utcTime('240101000000Z'), utcTime('491231235959Z'));
  const body = der(
    SEQUENCE,
    der(0x02, Buffer.from([1])), // serial number; a version 1 certificate has no extensions
    ED25519,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = Buffer.concat([Buffer.from([0]), sign(null, body, privateKey)]);
  const certificate = der(SEQUENCE, body, ED25519, der(0x03, signature));
  return {
    certificate: pem(certificate, 'CERTIFICATE'),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function utcTime(text: string): Buffer {
  return der(0x17, Buffer.from(text, 'ascii'));
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size =
    length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function pem(bytes: Buffer, label: string): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
