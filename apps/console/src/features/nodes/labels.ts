import type { NodeStatus } from '@moorage/contract';
import type { Tone } from '../../components/status-badge';

export const STATE_TONES: Readonly<Record<NodeStatus['state'], Tone>> = {
  'in-sync': 'ok',
  pending: 'wait',
  drift: 'warn',
  'restart-needed': 'warn',
  restarting: 'wait',
  failed: 'bad',
  'no-report': 'mute',
};

/** What people have to look at comes first. */
export const STATE_ORDER: Readonly<Record<NodeStatus['state'], number>> = {
  failed: 0,
  drift: 1,
  'restart-needed': 2,
  'no-report': 3,
  pending: 4,
  restarting: 5,
  'in-sync': 6,
};
