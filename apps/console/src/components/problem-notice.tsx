'use client';

import { IconAlertTriangleFilled } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { type ReactNode, useEffect, useRef } from 'react';
import { useProblemText } from '../lib/problem-text';
import classes from './notice.module.css';

/** Why something was refused: the sentence, what the server adds, and the request to quote. */
export function ProblemNotice({ error, children }: { error: unknown; children?: ReactNode }) {
  const t = useTranslations('states');
  const ref = useRef<HTMLDivElement>(null);
  const { message, detail, requestId } = useProblemText()(error);
  useEffect(() => {
    if (error !== null) ref.current?.focus();
  }, [error]);
  if (error === null || error === undefined) return null;
  return (
    <div className={classes.notice} data-tone="bad" role="alert" ref={ref} tabIndex={-1}>
      <IconAlertTriangleFilled size={16} aria-hidden />
      <div className="stack-tight">
        <strong>{message}</strong>
        {detail !== null && <span>{detail}</span>}
        {requestId !== '' && (
          <small className="dim">
            {t('requestId')} <span className="mono">{requestId}</span>
          </small>
        )}
        {children}
      </div>
    </div>
  );
}
