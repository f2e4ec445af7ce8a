import type { NodeConfig } from '@moorage/contract';
import type { Tone } from '../../components/status-badge';
import type { NodeFormat } from './loaders';

/** What a file is called where it is used; not translated. */
export const FORMAT_NAMES: Readonly<Record<NodeFormat, string>> = {
  'k3s-registries.yaml': 'K3s registries.yaml',
  'rke2-registries.yaml': 'RKE2 registries.yaml',
};

export const SEVERITY_TONES: Readonly<Record<NodeConfig['diagnostics'][number]['severity'], Tone>> =
  { error: 'bad', warning: 'warn', info: 'mute' };

export const RESTART_TONES: Readonly<Record<NodeConfig['restart'], Tone>> = {
  live: 'ok',
  containerd: 'warn',
  k3s: 'warn',
};
