'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import classes from './finding.module.css';
import { useFindingText } from './finding-text';
import { StatusBadge, type Tone } from './status-badge';

export type Severity = 'error' | 'warning' | 'info';

export const SEVERITY_TONES: Readonly<Record<Severity, Tone>> = {
  error: 'bad',
  warning: 'warn',
  info: 'mute',
};

export interface FindingSource {
  readonly severity: Severity;
  readonly code: string;
  readonly path: string | null;
  readonly line: number | null;
  readonly message: string;
  readonly suggestion: string | null;
  readonly parameters?: Readonly<Record<string, string>> | undefined;
}

interface FindingProps {
  readonly finding: FindingSource;
  /** where it is said; without it the line, or "File" */
  readonly place?: ReactNode;
  /** what can be done about it here */
  readonly children?: ReactNode;
  /** a button says what would be better already */
  readonly isMendable?: boolean;
}

/** What is wrong and where, in one sentence of the visitor's language, with what would be better. */
export function Finding({ finding, place, children, isMendable = false }: FindingProps) {
  const t = useTranslations('findingFrame');
  const tone = SEVERITY_TONES[finding.severity];
  const { sentence, suggestion } = useFindingText()({ ...finding, text: finding.message });
  const where = finding.line === null ? t('file') : t('line', { line: finding.line });
  return (
    <div className={classes.finding} data-tone={tone}>
      <div className={classes.said}>
        {place ?? <StatusBadge tone={tone}>{where}</StatusBadge>}
        <span className="visually-hidden">{t(`severity.${finding.severity}`)}</span>
        <span className="grow">{sentence}</span>
      </div>
      {suggestion !== null && !isMendable && <span className="dim">{suggestion}</span>}
      {children}
    </div>
  );
}
