import {
  IconAlertTriangleFilled,
  IconCheck,
  IconCircleDashed,
  IconClockHour4,
  IconPlayerPauseFilled,
  IconX,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './status-badge.module.css';

export type Tone = 'ok' | 'warn' | 'bad' | 'mute' | 'off' | 'wait';

const ICONS = {
  ok: IconCheck,
  warn: IconAlertTriangleFilled,
  bad: IconX,
  mute: IconCircleDashed,
  off: IconPlayerPauseFilled,
  wait: IconClockHour4,
} as const;

/** A state as icon, words and colour: each alone would do. */
export function StatusBadge({ tone, children }: { tone: Tone; children: ReactNode }) {
  const Icon = ICONS[tone];
  return (
    <span className={classes.badge} data-tone={tone}>
      <Icon size={12} aria-hidden />
      {children}
    </span>
  );
}

/** A plain fact beside a state, without a judgement. */
export function Tag({ children }: { children: ReactNode }) {
  return (
    <span className={classes.badge} data-tone="mute">
      {children}
    </span>
  );
}
