'use client';

import { Button } from '@mantine/core';
import type { Environment } from '@moorage/contract';
import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { type Column, DataTable } from '../../../components/data-table';
import { PageHeader } from '../../../components/page-header';
import { SimulatedBadge } from '../../../components/simulated-badge';
import { QueryView } from '../../../components/states';
import { StatusBadge } from '../../../components/status-badge';
import { Time } from '../../../components/time';
import { allEnvironments } from '../loaders';

const EnvironmentDialog = dynamic(() =>
  import('./environment-dialog').then((module) => module.EnvironmentDialog),
);

function useColumns(onEdit: (environment: Environment) => void): readonly Column<Environment>[] {
  const t = useTranslations('environments');
  return [
    {
      id: 'name',
      header: t('environment'),
      cell: ({ name, displayName, simulated }) => (
        <div className="two-lines">
          <span className="row-tight">
            <Link href={`/e/${name}`}>{displayName}</Link>
            {simulated && <SimulatedBadge />}
          </span>
          <small className="mono">{name}</small>
        </div>
      ),
    },
    {
      id: 'description',
      header: t('description'),
      optional: true,
      cell: ({ description }) => description,
    },
    {
      id: 'state',
      header: t('stateLabel'),
      cell: ({ state }) => (
        <StatusBadge tone={state === 'active' ? 'ok' : 'wait'}>{t(`state.${state}`)}</StatusBadge>
      ),
    },
    {
      id: 'since',
      header: t('since'),
      optional: true,
      cell: ({ createdAt }) => <Time value={createdAt} />,
    },
    {
      id: 'edit',
      header: '',
      cell: (environment) => (
        <Button variant="default" onClick={() => onEdit(environment)}>
          {t('editDots')}
        </Button>
      ),
    },
  ];
}

export function EnvironmentsView() {
  const t = useTranslations('environments');
  const query = useQuery(allEnvironments());
  const [edited, setEdited] = useState<Environment | 'new' | null>(null);
  const columns = useColumns(setEdited);
  return (
    <>
      <PageHeader title={t('title')} about={t('about')}>
        <Button onClick={() => setEdited('new')}>{t('add')}</Button>
      </PageHeader>
      <QueryView query={query}>
        {({ items }) => (
          <DataTable label={t('title')} columns={columns} rows={items} rowId={({ id }) => id} />
        )}
      </QueryView>
      {edited !== null && (
        <EnvironmentDialog
          environment={edited === 'new' ? null : edited}
          onClose={() => setEdited(null)}
        />
      )}
    </>
  );
}
