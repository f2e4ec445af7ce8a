import type { Target } from '@moorage/contract';
import type { Tone } from '../../components/status-badge';
import type { NamespaceState } from './loaders';

interface StatusLabel {
  readonly tone: Tone;
  /** key in `targets.status` */
  readonly key:
    | 'removing'
    | 'failed'
    | 'conflicts'
    | 'unreachable'
    | 'pending'
    | 'empty'
    | 'inSync';
  readonly count: number;
}

/** The worst thing about a target. */
export function statusOf({ state, status }: Target): StatusLabel {
  if (state === 'removing') return { tone: 'wait', key: 'removing', count: 0 };
  if (status.failed > 0) return { tone: 'bad', key: 'failed', count: status.failed };
  if (status.lastError !== null) return { tone: 'bad', key: 'unreachable', count: 0 };
  if (status.conflicts > 0) return { tone: 'warn', key: 'conflicts', count: status.conflicts };
  if (status.pending > 0) return { tone: 'wait', key: 'pending', count: status.pending };
  if (status.namespaces === 0) return { tone: 'mute', key: 'empty', count: 0 };
  return { tone: 'ok', key: 'inSync', count: status.inSync };
}

/** Colour per state of a namespace; words in `targets.state`. */
export const NAMESPACE_TONES: Readonly<Record<NamespaceState, Tone>> = {
  'in-sync': 'ok',
  pending: 'wait',
  failed: 'bad',
  conflict: 'warn',
  ignored: 'off',
};
