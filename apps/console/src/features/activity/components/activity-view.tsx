'use client';

import type { AuditEntry } from '@moorage/contract';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { useQueryStates } from 'nuqs';
import { useState } from 'react';
import { type Column, DataTable } from '../../../components/data-table';
import { FormField } from '../../../components/form-field';
import { PageHeader } from '../../../components/page-header';
import { Pager } from '../../../components/pager';
import { SearchBox } from '../../../components/search-box';
import { EmptyState, QueryView } from '../../../components/states';
import { Tag } from '../../../components/status-badge';
import { Time } from '../../../components/time';
import { ACTIONS, actionKey } from '../labels';
import { activityFilters, activityOf, allActivity } from '../loaders';

const ActivityEntry = dynamic(() =>
  import('./activity-entry').then((module) => module.ActivityEntry),
);

function useActionName(): (action: string) => string {
  const t = useTranslations('activity.action');
  return (action) => (t.has(actionKey(action)) ? t(actionKey(action)) : action);
}

function useColumns(): readonly Column<AuditEntry>[] {
  const t = useTranslations('activity');
  const nameOf = useActionName();
  return [
    { id: 'at', header: t('when'), width: '140px', cell: ({ at }) => <Time value={at} /> },
    {
      id: 'actor',
      header: t('who'),
      cell: ({ actor }) => (
        <span className="row-tight">
          {actor.name}
          {actor.kind !== 'user' && <Tag>{t(`actor.${actor.kind}`)}</Tag>}
        </span>
      ),
    },
    { id: 'action', header: t('what'), cell: ({ action }) => nameOf(action) },
    {
      id: 'object',
      header: t('object'),
      cell: ({ object }) => <span className="mono">{object.name}</span>,
    },
    {
      id: 'address',
      header: t('from'),
      optional: true,
      cell: ({ address }) => <span className="mono dim">{address}</span>,
    },
  ];
}

type Filters = Parameters<typeof allActivity>[0];

function ActivityFilter({
  filters,
  set,
}: {
  filters: Filters;
  set: (next: Partial<Filters>) => void;
}) {
  const t = useTranslations('activity');
  const nameOf = useActionName();
  return (
    <div className="row">
      <FormField
        kind="choice"
        label={t('what')}
        isLabelHidden
        choices={[
          { value: '', label: t('everything') },
          ...ACTIONS.map((value) => ({ value, label: nameOf(value) })),
        ]}
        value={filters.action}
        onChange={({ currentTarget }) => set({ action: currentTarget.value })}
      />
      <span className="push" />
      <SearchBox label={t('filter')} value={filters.q} onChange={(q) => set({ q })} />
    </div>
  );
}

/** Who changed what: of one environment, or with `env` null of the whole installation. */
export function ActivityView({ env }: { env: string | null }) {
  const t = useTranslations('activity');
  const [filters, setFilters] = useQueryStates(activityFilters);
  const read = env === null ? allActivity(filters) : activityOf(env, filters);
  const query = useQuery({
    queryKey: read.queryKey,
    queryFn: () => (env === null ? allActivity(filters) : activityOf(env, filters)).queryFn(),
    placeholderData: keepPreviousData,
  });
  const [opened, setOpened] = useState<AuditEntry | null>(null);
  const columns = useColumns();
  return (
    <>
      <PageHeader title={t(env === null ? 'titleAll' : 'title')} about={t('about')} />
      <ActivityFilter
        filters={filters}
        set={(next) => void setFilters({ ...next, cursor: null })}
      />
      <QueryView query={query}>
        {({ items, total, nextCursor }) =>
          items.length === 0 ? (
            <EmptyState title={t('empty')} />
          ) : (
            <>
              <DataTable
                label={t('title')}
                columns={columns}
                rows={items}
                rowId={({ id }) => String(id)}
                selectedId={opened === null ? null : String(opened.id)}
                onSelect={setOpened}
              />
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
      {opened !== null && <ActivityEntry entry={opened} onClose={() => setOpened(null)} />}
    </>
  );
}
