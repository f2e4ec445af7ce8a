/**
 * Where the agent's files are on a node, by distribution, and where its pod sees them: below
 * `/host`, so that the paths inside the files stay those of the node.
 *
 * Sources: K3s and RKE2 documentation (`registries.yaml`), K3s `pkg/agent/containerd` (`certs.d`),
 * containerd `docs/hosts.md`.
 *
 * Does not handle: another `--data-dir`; the manifest has the folders as an option.
 */
import type { AgentDistribution } from './agent-place.js';

export const hostRoot = '/host';
export const agentStateDirectory = '/var/lib/moorage-agent';

export interface NodePaths {
  /** `registries.yaml`; for plain containerd the file with the logins. */
  readonly loginsFile: string;
  readonly tlsDirectory: string;
  readonly certsDirectory: string;
  /** Folders that the agent writes in, as few as hold the above. */
  readonly directories: readonly string[];
  /** Written anew by the distribution at each of its starts, if it has such a file. */
  readonly startMarker: string | null;
}

export function nodePathsOf(distribution: AgentDistribution): NodePaths {
  if (distribution === 'containerd') {
    const directory = '/etc/containerd';
    return {
      loginsFile: `${directory}/moorage-registries.toml`,
      tlsDirectory: `${directory}/tls`,
      certsDirectory: `${directory}/certs.d`,
      directories: [directory],
      startMarker: null,
    };
  }
  const directory = `/etc/rancher/${distribution}`;
  const containerd = `/var/lib/rancher/${distribution}/agent/etc/containerd`;
  return {
    loginsFile: `${directory}/registries.yaml`,
    tlsDirectory: `${directory}/tls`,
    certsDirectory: `${containerd}/certs.d`,
    directories: [directory, containerd],
    startMarker: `${containerd}/config.toml`,
  };
}
