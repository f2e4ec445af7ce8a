'use client';

import { useTranslations } from 'next-intl';
import { Tag } from './status-badge';

/** Stands beside everything that belongs to the built-in sandbox. */
export function SimulatedBadge() {
  const t = useTranslations('states');
  return <Tag>{t('simulated')}</Tag>;
}
