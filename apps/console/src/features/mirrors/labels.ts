import type { NodeConfigPreview } from '@moorage/contract';
import type { Tone } from '../../components/status-badge';
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

export const COST_TONES: Readonly<Record<NodeConfigPreview['cost'], Tone>> = {
  none: 'ok',
  live: 'ok',
  containerd: 'warn',
  k3s: 'warn',
};
