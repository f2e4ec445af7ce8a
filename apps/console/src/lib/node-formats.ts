/** The formats of the node config, and what a file of each is called where it is used; not translated. */
export const nodeFormats = [
  'k3s-registries.yaml',
  'rke2-registries.yaml',
  'containerd-hosts',
  'crio',
  'docker',
  'kubelet-credential-provider',
  'rancher-cluster',
] as const;
export type NodeFormat = (typeof nodeFormats)[number];

export const NODE_FORMAT_NAMES: Readonly<Record<NodeFormat, string>> = {
  'k3s-registries.yaml': 'K3s registries.yaml',
  'rke2-registries.yaml': 'RKE2 registries.yaml',
  'containerd-hosts': 'containerd hosts.toml',
  crio: 'CRI-O, Podman',
  docker: 'Docker',
  'kubelet-credential-provider': 'kubelet CredentialProviderConfig',
  'rancher-cluster': 'Rancher cluster',
};
