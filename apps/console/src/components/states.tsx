'use client';

import { Button } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { ProblemError } from '../lib/api';
import { ProblemNotice } from './problem-notice';
import classes from './states.module.css';

/** Nothing here yet: one sentence, and the next step. */
export function EmptyState({
  title,
  children,
  action,
}: {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className={classes.empty}>
      <h2>{title}</h2>
      {children !== undefined && <p className="dim">{children}</p>}
      {action}
    </div>
  );
}

const SKELETON_ROWS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;

/** The shape of a table while its rows are on their way. */
export function LoadingRows() {
  const t = useTranslations('states');
  return (
    <div className={classes.skeleton} role="status" aria-label={t('loading')}>
      {SKELETON_ROWS.map((row) => (
        <div key={row} className={classes.bone} />
      ))}
    </div>
  );
}

function QueryProblem({ error, retry }: { error: Error; retry: () => void }) {
  const t = useTranslations('states');
  const status = error instanceof ProblemError ? error.problem.status : 0;
  if (status === 404) return <EmptyState title={t('notFound')}>{t('notFoundHint')}</EmptyState>;
  if (status === 403) return <EmptyState title={t('forbidden')}>{t('forbiddenHint')}</EmptyState>;
  return (
    <ProblemNotice error={error}>
      <div>
        <Button variant="default" onClick={retry}>
          {t('retry')}
        </Button>
      </div>
    </ProblemNotice>
  );
}

/** The four states of every view: loading, refused, failed, and there. Old data stays while new is read. */
export function QueryView<T>({
  query,
  children,
}: {
  query: UseQueryResult<T, Error>;
  children: (data: T) => ReactNode;
}) {
  if (query.data !== undefined) return children(query.data);
  if (query.error !== null)
    return <QueryProblem error={query.error} retry={() => void query.refetch()} />;
  return <LoadingRows />;
}
