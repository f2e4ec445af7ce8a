'use client';

import type { Cluster } from '@moorage/contract';
import { useTranslations } from 'next-intl';
import { StatusBadge, Tag } from '../../../components/status-badge';
import { statusOf } from '../labels';

export function ClusterStatus({ cluster }: { cluster: Cluster }) {
  const t = useTranslations('clusters');
  const { tone, key } = statusOf(cluster);
  return (
    <span className="row" style={{ gap: 6 }}>
      <StatusBadge tone={tone}>{t(`status.${key}`)}</StatusBadge>
      {cluster.insecureSkipVerify && <Tag>{t('unverified')}</Tag>}
    </span>
  );
}
