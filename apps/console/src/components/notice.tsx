import { IconAlertTriangleFilled, IconInfoCircle, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './notice.module.css';

const ICONS = { info: IconInfoCircle, warn: IconAlertTriangleFilled, bad: IconX } as const;

/** A sentence that matters here, beside the thing it is about. */
export function Notice({ tone, children }: { tone: keyof typeof ICONS; children: ReactNode }) {
  const Icon = ICONS[tone];
  return (
    <div className={classes.notice} data-tone={tone}>
      <Icon size={16} aria-hidden />
      <div className="stack-tight grow">{children}</div>
    </div>
  );
}
