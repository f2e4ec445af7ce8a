/**
 * What would make a node ignore a file of ours without a word.
 *
 * Source: containerd `core/remotes/docker/config/hosts.go` (a `hosts.toml` that it cannot read is
 * logged and passed over, with all its mirrors).
 *
 * Does not handle: the content of a certificate beyond its PEM frame.
 */
import { readHostsFile } from '../pull-plan/hosts-file.js';
import { type DesiredFile, type Refusal, refuse } from './desired-file.js';

/** The first fault of a set of files; null when there is none. */
export function findFault(files: readonly DesiredFile[], tlsDirectory: string): Refusal | null {
  const paths = new Set(files.map(({ path }) => path));
  for (const { kind, path, content } of files) {
    if (kind === 'tls' && !isPem(content)) {
      return refuse('config.not-readable', `${path} is no certificate or key in PEM.`);
    }
    if (kind !== 'hosts') continue;
    const hosts = readHostsFile(content, 'k3s');
    if (hosts === null) {
      return refuse(
        'config.not-readable',
        `containerd cannot read ${path}; it would ignore it with all its mirrors.`,
      );
    }
    const missing = hosts
      .flatMap(({ tls }) => [tls?.caFile, tls?.certFile, tls?.keyFile])
      .find((file) => file?.startsWith(`${tlsDirectory}/`) && !paths.has(file));
    if (missing !== undefined) {
      return refuse(
        'config.incomplete',
        `${path} points to ${missing}, which is not part of the config.`,
      );
    }
  }
  return null;
}

function isPem(content: string): boolean {
  return /-----BEGIN ([A-Z0-9 ]+)-----\n[A-Za-z0-9+/=\n\r:,. -]+\n-----END \1-----/.test(content);
}
