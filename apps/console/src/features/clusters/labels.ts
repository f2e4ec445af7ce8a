import type { Cluster } from '@moorage/contract';
import type { Tone } from '../../components/status-badge';

interface StatusLabel {
  readonly tone: Tone;
  /** key in `clusters.status` */
  readonly key: 'removing' | 'unknown' | 'reachable' | 'unreachable';
}

export function statusOf({ state, reachable }: Cluster): StatusLabel {
  if (state === 'removing') return { tone: 'wait', key: 'removing' };
  if (reachable === null) return { tone: 'mute', key: 'unknown' };
  return reachable ? { tone: 'ok', key: 'reachable' } : { tone: 'bad', key: 'unreachable' };
}
