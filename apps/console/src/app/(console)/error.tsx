'use client';

import { Button } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { EmptyState } from '../../components/states';

/** A page that could not be made at all; the digest finds the cause in the server's log. */
export default function ErrorPage({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  const t = useTranslations('states');
  return (
    <EmptyState title={t('failed')} action={<Button onClick={reset}>{t('retry')}</Button>}>
      {t('failedHint')} {error.digest !== undefined && <span className="mono">{error.digest}</span>}
    </EmptyState>
  );
}
