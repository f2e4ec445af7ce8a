'use client';

import { useViewportSize } from '@mantine/hooks';
import type { Target, TargetNamespace } from '@moorage/contract';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useQueryStates } from 'nuqs';
import { type Column, DataTable } from '../../../components/data-table';
import { FilterChips } from '../../../components/filter-chips';
import { ProblemNotice } from '../../../components/problem-notice';
import { SearchBox } from '../../../components/search-box';
import { EmptyState, LoadingRows } from '../../../components/states';
import { StatusBadge } from '../../../components/status-badge';
import { Time } from '../../../components/time';
import { useCodeText } from '../../../lib/problem-text';
import { useEnvironment } from '../../../lib/session-context';
import { NAMESPACE_TONES } from '../labels';
import { namespaceFilters, namespaceStates, namespacesOf } from '../loaders';
import { ConflictChoice } from './conflict-choice';

/** Header, filters and margins around the table. */
const AROUND_PX = 300;
const MIN_HEIGHT_PX = 320;

type Filters = Parameters<typeof namespacesOf>[2];

/** Page after page as one scrolls down; the key begins with the operation, so live events find it. */
function useNamespaces(targetId: string, filters: Filters) {
  const { env } = useEnvironment();
  return useInfiniteQuery({
    queryKey: ['listTargetNamespaces', { env, targetId, ...filters, pages: 'all' }],
    queryFn: ({ pageParam }) => namespacesOf(env, targetId, filters, pageParam).queryFn(),
    initialPageParam: null as string | null, // the first page has no cursor
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: keepPreviousData,
  });
}

function Reason({ row, targetId }: { row: TargetNamespace; targetId: string }) {
  const t = useTranslations('targets');
  const textOf = useCodeText();
  const { can } = useEnvironment();
  return (
    <span className="row-tight">
      <span title={row.detail ?? ''}>{textOf(row.code, row.detail)}</span>
      {row.conflictChoice !== null && (
        <span className="dim">{t(`choice.${row.conflictChoice}`)}</span>
      )}
      {row.state === 'conflict' && can('targets:write') && (
        <ConflictChoice targetId={targetId} namespace={row.namespace} />
      )}
    </span>
  );
}

function useColumns(targetId: string): readonly Column<TargetNamespace>[] {
  const t = useTranslations('targets');
  return [
    {
      id: 'namespace',
      header: t('namespace'),
      width: '28%',
      cell: ({ namespace }) => <span className="mono">{namespace}</span>,
    },
    {
      id: 'state',
      header: t('statusLabel'),
      width: '130px',
      cell: ({ state }) => (
        <StatusBadge tone={NAMESPACE_TONES[state]}>{t(`state.${state}`)}</StatusBadge>
      ),
    },
    {
      id: 'reason',
      header: t('reasonLabel'),
      cell: (row) => <Reason row={row} targetId={targetId} />,
    },
    {
      id: 'changed',
      header: t('changed'),
      width: '130px',
      optional: true,
      cell: ({ changedAt }) => <Time value={changedAt} />,
    },
  ];
}

function useStateChips({ status }: Target): { value: string; label: string }[] {
  const t = useTranslations('targets');
  const counts: Partial<Record<string, number>> = {
    all: status.namespaces,
    'in-sync': status.inSync,
    pending: status.pending,
    failed: status.failed,
    conflict: status.conflicts,
  };
  return ['all' as const, ...namespaceStates].map((value) => ({
    value,
    label: `${t(`state.${value}`)}${counts[value] === undefined ? '' : ` ${counts[value]}`}`,
  }));
}

/** Every namespace of the target, its state and the reason; live, and drawn only where one looks. */
export function NamespaceMatrix({ target }: { target: Target }) {
  const t = useTranslations('targets');
  const [filters, setFilters] = useQueryStates(namespaceFilters);
  const query = useNamespaces(target.id, filters);
  const columns = useColumns(target.id);
  const { height } = useViewportSize();
  const rows = query.data?.pages.flatMap(({ items }) => items) ?? [];
  const loadMore = () => {
    if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
  };
  return (
    <>
      <div className="row">
        <FilterChips
          label={t('statusLabel')}
          value={filters.state ?? 'all'}
          chips={useStateChips(target)}
          onChange={(next) =>
            void setFilters({ state: namespaceStates.find((each) => each === next) ?? null })
          }
        />
        <span className="push" />
        <SearchBox
          label={t('filterNamespaces')}
          value={filters.q}
          onChange={(q) => void setFilters({ q })}
        />
      </div>
      {query.error !== null && <ProblemNotice error={query.error} />}
      {query.isPending && <LoadingRows />}
      {!query.isPending && rows.length === 0 && query.error === null && (
        <EmptyState title={t('noNamespace')} />
      )}
      {rows.length > 0 && (
        <DataTable
          label={t('namespaces')}
          columns={columns}
          rows={rows}
          rowId={({ namespace }) => namespace}
          windowHeight={Math.max(MIN_HEIGHT_PX, height - AROUND_PX)}
          onReachEnd={loadMore}
        />
      )}
    </>
  );
}
