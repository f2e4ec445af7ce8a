'use client';

import type { Registry } from '@moorage/contract';
import { useNow, useTranslations } from 'next-intl';
import { StatusBadge, Tag } from '../../../components/status-badge';
import { statusOf } from '../labels';

export function RegistryStatus({ registry }: { registry: Registry }) {
  const t = useTranslations('registries');
  const now = useNow({ updateInterval: 60_000 });
  const { tone, key, count } = statusOf(registry, now.getTime());
  const { scheme, insecureSkipVerify, caCertificate } = registry.connection;
  return (
    <span className="row" style={{ gap: 6 }}>
      <StatusBadge tone={tone}>{t(`status.${key}`, { count })}</StatusBadge>
      {scheme === 'http' && <Tag>http</Tag>}
      {insecureSkipVerify && <Tag>{t('connection.unverified')}</Tag>}
      {caCertificate !== null && <Tag>{t('connection.privateCa')}</Tag>}
    </span>
  );
}
