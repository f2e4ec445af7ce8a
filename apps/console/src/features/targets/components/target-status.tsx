'use client';

import type { Target } from '@moorage/contract';
import { useTranslations } from 'next-intl';
import { StatusBadge } from '../../../components/status-badge';
import { statusOf } from '../labels';

export function TargetStatus({ target }: { target: Target }) {
  const t = useTranslations('targets.status');
  const { tone, key, count } = statusOf(target);
  return <StatusBadge tone={tone}>{t(key, { count })}</StatusBadge>;
}
