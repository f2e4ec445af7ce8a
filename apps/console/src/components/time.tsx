'use client';

import { useFormatter, useLocale, useNow, useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';

const MINUTE_MS = 60_000;

/** How long ago or how soon; the exact time, in the visitor's own zone, on hover. */
export function Time({ value }: { value: string }) {
  const format = useFormatter();
  const t = useTranslations('states');
  const locale = useLocale();
  const now = useNow({ updateInterval: MINUTE_MS });
  const [exact, setExact] = useState('');
  const at = new Date(value);
  useEffect(() => {
    // Only the browser knows the zone, so this cannot be part of the first HTML.
    setExact(new Date(value).toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'long' }));
  }, [value, locale]);
  const isNow = Math.abs(now.getTime() - at.getTime()) < MINUTE_MS;
  return (
    <time dateTime={value} title={exact} suppressHydrationWarning>
      {isNow ? t('justNow') : format.relativeTime(at, now)}
    </time>
  );
}
