/**
 * Docker Hub's names. As an address or a policy entry they are one identity, `docker.io`; inside
 * an image name only `index.docker.io` is an alias (distribution/reference `normalize.go`).
 */
export const dockerHubRegistry = 'docker.io';

/** The names by which Docker Hub is addressed; all one identity. */
export const dockerHubAliases: readonly string[] = [
  dockerHubRegistry,
  'index.docker.io',
  'registry-1.docker.io',
  'registry.hub.docker.com',
];

export function isDockerHub(host: string): boolean {
  return dockerHubAliases.includes(host);
}

/**
 * The identity of a registry named in an image reference or stored as an address. Only Docker
 * Hub's aliases are folded. Case is not: to the kubelet, containerd and the admission policies
 * `GHCR.io` in an image name is another registry than `ghcr.io`, and so is `docker.io:443`.
 */
export function canonicalRegistry(host: string): string {
  return isDockerHub(host) ? dockerHubRegistry : host;
}
