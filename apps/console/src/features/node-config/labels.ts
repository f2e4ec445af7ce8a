import type { NodeConfigImportReport } from '@moorage/contract';
import type { Tone } from '../../components/status-badge';
import type { Distribution } from './loaders';

/** What the server's checker reads at most. */
export const MAX_DOCUMENT_BYTES = 512 * 1024;

export const ACTION_TONES: Readonly<
  Record<NodeConfigImportReport['registries'][number]['action'], Tone>
> = { add: 'ok', change: 'warn', keep: 'mute' };

/** Names of programs and files; not translated. */
export const DISTRIBUTION_NAMES: Readonly<Record<Distribution, string>> = {
  k3s: 'K3s',
  rke2: 'RKE2',
  containerd: 'containerd',
};

/** Fields that an import sets, by their name on the wire; the words are in `nodeImport.field`. */
export const FIELD_WORDS: Readonly<Record<string, string>> = {
  deliver: 'deliver',
  'connection.scheme': 'scheme',
  'connection.insecureSkipVerify': 'insecureSkipVerify',
};
