'use client';

import { Button } from '@mantine/core';
import type { ApiKey } from '@moorage/contract';
import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { type Column, DataTable } from '../../../components/data-table';
import { PageHeader } from '../../../components/page-header';
import { EmptyState, QueryView } from '../../../components/states';
import { Time } from '../../../components/time';
import { useSession } from '../../../lib/session-context';
import { myApiKeys } from '../loaders';

const ApiKeyDialog = dynamic(() =>
  import('./api-key-dialog').then((module) => module.ApiKeyDialog),
);

const RevokeKey = dynamic(() => import('./revoke-key').then((module) => module.RevokeKey));

function useColumns(onRevoke: (key: ApiKey) => void): readonly Column<ApiKey>[] {
  const t = useTranslations('apiKeys');
  const { environments } = useSession();
  const nameOf = (id: string | null) =>
    id === null
      ? t('everywhere')
      : (environments.find((each) => each.id === id)?.displayName ?? id);
  return [
    { id: 'name', header: t('name'), cell: ({ name }) => <strong>{name}</strong> },
    { id: 'environment', header: t('where'), cell: ({ environmentId }) => nameOf(environmentId) },
    {
      id: 'permissions',
      header: t('permissions'),
      optional: true,
      cell: ({ permissions }) => <span className="mono">{permissions.join(', ')}</span>,
    },
    {
      id: 'used',
      header: t('lastUsed'),
      cell: ({ lastUsedAt }) =>
        lastUsedAt === null ? (
          <span className="dim">{t('never')}</span>
        ) : (
          <Time value={lastUsedAt} />
        ),
    },
    {
      id: 'expires',
      header: t('expires'),
      cell: ({ expiresAt }) =>
        expiresAt === null ? <span className="dim">{t('noEnd')}</span> : <Time value={expiresAt} />,
    },
    {
      id: 'revoke',
      header: '',
      cell: (key) => (
        <Button variant="default" onClick={() => onRevoke(key)}>
          {t('revokeDots')}
        </Button>
      ),
    },
  ];
}

export function ApiKeysView() {
  const t = useTranslations('apiKeys');
  const query = useQuery(myApiKeys());
  const [isAdding, setAdding] = useState(false);
  const [revoked, setRevoked] = useState<ApiKey | null>(null);
  const columns = useColumns(setRevoked);
  return (
    <>
      <PageHeader title={t('title')} about={t('about')}>
        <Button onClick={() => setAdding(true)}>{t('add')}</Button>
      </PageHeader>
      <QueryView query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={t('empty')}>{t('emptyHint')}</EmptyState>
          ) : (
            <DataTable label={t('title')} columns={columns} rows={items} rowId={({ id }) => id} />
          )
        }
      </QueryView>
      {isAdding && <ApiKeyDialog onClose={() => setAdding(false)} />}
      {revoked !== null && <RevokeKey apiKey={revoked} onClose={() => setRevoked(null)} />}
    </>
  );
}
