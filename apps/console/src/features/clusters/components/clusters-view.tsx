'use client';

import type { Cluster } from '@moorage/contract';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useQueryStates } from 'nuqs';
import { type Column, DataTable } from '../../../components/data-table';
import { LinkButton } from '../../../components/link-button';
import { PageHeader } from '../../../components/page-header';
import { Pager } from '../../../components/pager';
import { SearchBox } from '../../../components/search-box';
import { SimulatedBadge } from '../../../components/simulated-badge';
import { EmptyState, QueryView } from '../../../components/states';
import { Time } from '../../../components/time';
import { clusterFilters, clustersOf } from '../loaders';
import { ClusterStatus } from './cluster-status';

function useColumns(): readonly Column<Cluster>[] {
  const t = useTranslations('clusters');
  return [
    {
      id: 'name',
      header: t('cluster'),
      cell: ({ id, name, server, simulated }) => (
        <div className="two-lines">
          <span className="row-tight">
            <Link href={`/installation/clusters/${id}`}>{name}</Link>
            {simulated && <SimulatedBadge />}
          </span>
          <small className="mono">{server}</small>
        </div>
      ),
    },
    {
      id: 'status',
      header: t('statusLabel'),
      cell: (cluster) => <ClusterStatus cluster={cluster} />,
    },
    {
      id: 'version',
      header: t('version'),
      optional: true,
      cell: ({ kubernetesVersion }) => <span className="mono">{kubernetesVersion ?? '–'}</span>,
    },
    { id: 'targets', header: t('targets'), cell: ({ targets }) => targets },
    {
      id: 'contact',
      header: t('lastContact'),
      cell: ({ lastContactAt }) =>
        lastContactAt === null ? (
          <span className="dim">{t('never')}</span>
        ) : (
          <Time value={lastContactAt} />
        ),
    },
  ];
}

export function ClustersView() {
  const t = useTranslations('clusters');
  const [filters, setFilters] = useQueryStates(clusterFilters);
  const query = useQuery({ ...clustersOf(filters), placeholderData: keepPreviousData });
  const columns = useColumns();
  const add = <LinkButton href="/installation/clusters/new">{t('add')}</LinkButton>;
  return (
    <>
      <PageHeader title={t('title')} about={query.data && t('about', { count: query.data.total })}>
        {add}
      </PageHeader>
      <SearchBox
        label={t('filter')}
        value={filters.q}
        onChange={(q) => void setFilters({ q, cursor: null })}
      />
      <QueryView query={query}>
        {({ items, total, nextCursor }) =>
          items.length === 0 ? (
            <EmptyState title={t(filters.q === '' ? 'empty' : 'noMatch')} action={add}>
              {filters.q === '' ? t('emptyHint') : undefined}
            </EmptyState>
          ) : (
            <>
              <DataTable label={t('title')} columns={columns} rows={items} rowId={({ id }) => id} />
              <Pager
                shown={items.length}
                total={total}
                cursor={filters.cursor}
                nextCursor={nextCursor}
                onMove={(cursor) => void setFilters({ cursor })}
              />
            </>
          )
        }
      </QueryView>
    </>
  );
}
