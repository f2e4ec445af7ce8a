'use client';

import type { Target } from '@moorage/contract';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { type Column, DataTable } from '../../../components/data-table';
import { LinkButton } from '../../../components/link-button';
import { PageHeader } from '../../../components/page-header';
import { ReachBar } from '../../../components/reach-bar';
import { SimulatedBadge } from '../../../components/simulated-badge';
import { EmptyState, QueryView } from '../../../components/states';
import { Time } from '../../../components/time';
import { useEnvironment } from '../../../lib/session-context';
import { targetsOf } from '../loaders';
import { TargetStatus } from './target-status';

function Selection({ target }: { target: Target }) {
  const t = useTranslations('targets');
  const { include, exclude, matchLabels } = target.namespaces;
  const labels = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`);
  return (
    <div className="two-lines">
      <span className="mono">{[...include, ...labels].join(', ')}</span>
      {exclude.length > 0 && (
        <small>
          {t('except')} <span className="mono">{exclude.join(', ')}</span>
        </small>
      )}
    </div>
  );
}

function useColumns(env: string): readonly Column<Target>[] {
  const t = useTranslations('targets');
  return [
    {
      id: 'cluster',
      header: t('cluster'),
      cell: ({ id, clusterName, simulated, secretName }) => (
        <div className="two-lines">
          <span className="row-tight">
            <Link href={`/e/${env}/targets/${id}`}>{clusterName}</Link>
            {simulated && <SimulatedBadge />}
          </span>
          <small className="mono">{secretName}</small>
        </div>
      ),
    },
    { id: 'status', header: t('statusLabel'), cell: (target) => <TargetStatus target={target} /> },
    {
      id: 'namespaces',
      header: t('namespaces'),
      optional: true,
      cell: (target) => <Selection target={target} />,
    },
    {
      id: 'reach',
      header: t('reach'),
      width: '150px',
      cell: ({ status }) => (
        <div className="two-lines" style={{ gap: 3 }}>
          <ReachBar
            total={status.namespaces}
            done={status.inSync}
            failed={status.failed + status.conflicts}
          />
          <small>{t('reachOf', { inSync: status.inSync, namespaces: status.namespaces })}</small>
        </div>
      ),
    },
    {
      id: 'synced',
      header: t('lastSynced'),
      cell: ({ status }) =>
        status.lastSyncedAt === null ? (
          <span className="dim">{t('never')}</span>
        ) : (
          <Time value={status.lastSyncedAt} />
        ),
    },
  ];
}

/** Where credentials go: each cluster with its namespaces, and whether they have arrived. */
export function TargetsView() {
  const t = useTranslations('targets');
  const { env, can } = useEnvironment();
  const query = useQuery(targetsOf(env));
  const columns = useColumns(env);
  const add = can('targets:write') && (
    <LinkButton href={`/e/${env}/targets/new`}>{t('add')}</LinkButton>
  );
  return (
    <>
      <PageHeader title={t('title')} about={t('about')}>
        {add}
      </PageHeader>
      <QueryView query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={t('empty')} action={add}>
              {t('emptyHint')}
            </EmptyState>
          ) : (
            <DataTable label={t('title')} columns={columns} rows={items} rowId={({ id }) => id} />
          )
        }
      </QueryView>
    </>
  );
}
