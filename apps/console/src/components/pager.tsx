'use client';

import { Button } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useRef } from 'react';

interface PagerProps {
  readonly shown: number;
  readonly total: number;
  readonly cursor: string | null;
  readonly nextCursor: string | null;
  readonly onMove: (cursor: string | null) => void;
}

/** Forward by the server's cursor, back along the way that was come. */
export function Pager({ shown, total, cursor, nextCursor, onMove }: PagerProps) {
  const t = useTranslations('states');
  const visited = useRef<(string | null)[]>([]);
  if (cursor === null && nextCursor === null) return null;
  const forward = () => {
    visited.current.push(cursor);
    onMove(nextCursor);
  };
  return (
    <nav className="row" aria-label={t('pages')}>
      <span className="dim">{t('shownOfTotal', { shown, total })}</span>
      <span className="push" />
      <Button
        variant="default"
        disabled={cursor === null}
        onClick={() => onMove(visited.current.pop() ?? null)}
      >
        {t('previous')}
      </Button>
      <Button variant="default" disabled={nextCursor === null} onClick={forward}>
        {t('next')}
      </Button>
    </nav>
  );
}
