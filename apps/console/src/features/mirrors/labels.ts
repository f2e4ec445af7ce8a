import type { NodeFormat } from '../../lib/node-formats';

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
