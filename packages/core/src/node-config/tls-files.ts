/**
 * Certificate files that a node config points to: in one folder, `<host>.crt` for the CA,
 * `<host>.client.crt` and `<host>.client.key` for the client. Ports are joined with `_`, as in
 * containerd's own directory names.
 *
 * Does not handle: the content of the certificates; it is written as given.
 */
import type { SecretText } from '../secret-text.js';
import type { NodeConfigRegistry, NodeFile } from './model.js';

export interface TlsEntry {
  readonly caPath: string | null;
  readonly certPath: string | null;
  readonly keyPath: string | null;
  readonly insecureSkipVerify: boolean;
  readonly source: NodeConfigRegistry['tls'];
}

/** What the `tls` block of a registry says; null when there is nothing to say. */
export function tlsEntryOf(registry: NodeConfigRegistry, directory: string): TlsEntry | null {
  const { tls } = registry;
  const name = registry.address.replace(/[^A-Za-z0-9.-]/g, '_');
  const stem = `${directory}/${name}`;
  const hasClient = Boolean(tls.clientCertificate && tls.clientKey);
  if (!tls.caCertificate && !hasClient && !tls.insecureSkipVerify) {
    return null;
  }
  return {
    caPath: tls.caCertificate ? `${stem}.crt` : null,
    certPath: hasClient ? `${stem}.client.crt` : null,
    keyPath: hasClient ? `${stem}.client.key` : null,
    insecureSkipVerify: tls.insecureSkipVerify,
    source: tls,
  };
}

/** The files that the entries point to, by path; entries that share a registry share its files. */
export function buildTlsFiles(
  entries: readonly { readonly tls: TlsEntry | null }[],
  reveal: (secret: SecretText) => string,
): readonly NodeFile[] {
  const files = new Map<string, NodeFile>();
  for (const { tls } of entries) {
    if (tls?.caPath && tls.source.caCertificate) {
      files.set(tls.caPath, certificate(tls.caPath, tls.source.caCertificate));
    }
    if (tls?.certPath && tls.source.clientCertificate) {
      files.set(tls.certPath, certificate(tls.certPath, tls.source.clientCertificate));
    }
    if (tls?.keyPath && tls.source.clientKey) {
      const content = withFinalNewline(reveal(tls.source.clientKey));
      files.set(tls.keyPath, { path: tls.keyPath, mode: '0600', content });
    }
  }
  return [...files.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function certificate(path: string, pem: string): NodeFile {
  return { path, mode: '0644', content: withFinalNewline(pem) };
}

function withFinalNewline(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
