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

/** Formats whose engine is containerd: for it alone the order of requests is known. */
export function sourceOf(format: NodeFormat) {
  switch (format) {
    case 'rke2-registries.yaml':
      return { yaml: format, engine: 'k3s-containerd' } as const;
    case 'k3s-registries.yaml':
    case 'rancher-cluster':
      return { yaml: 'k3s-registries.yaml', engine: 'k3s-containerd' } as const;
    case 'containerd-hosts':
      return { yaml: 'k3s-registries.yaml', engine: 'containerd' } as const;
    default:
      return null;
  }
}
