import type { NodeFormat } from './loaders';

/** What a file is called where it is used; not translated. */
export const FORMAT_NAMES: Readonly<Record<NodeFormat, string>> = {
  'k3s-registries.yaml': 'K3s registries.yaml',
  'rke2-registries.yaml': 'RKE2 registries.yaml',
  'containerd-hosts': 'containerd hosts.toml',
  crio: 'CRI-O, Podman',
  docker: 'Docker',
  'kubelet-credential-provider': 'kubelet CredentialProviderConfig',
  'rancher-cluster': 'Rancher cluster',
};
