'use client';

import type { Registry } from '@moorage/contract';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { parseAsString, useQueryState, useQueryStates } from 'nuqs';
import { type Column, DataTable } from '../../../components/data-table';
import { LinkButton } from '../../../components/link-button';
import { PageHeader } from '../../../components/page-header';
import { Pager } from '../../../components/pager';
import { EmptyState, QueryView } from '../../../components/states';
import { useEnvironment } from '../../../lib/session-context';
import { registriesOf, registryFilters, registrySorts } from '../loaders';
import classes from './registries.module.css';
import { RegistriesFilter } from './registries-filter';
import { EffectiveCell, NameCell, ReachCell } from './registry-cells';
import { RegistryPeek } from './registry-peek';
import { RegistryStatus } from './registry-status';

function useColumns(env: string): readonly Column<Registry>[] {
  const t = useTranslations('registries.list');
  return [
    {
      id: 'name',
      header: t('registry'),
      sort: 'name',
      cell: (registry) => (
        <NameCell registry={registry} href={`/e/${env}/registries/${registry.id}`} />
      ),
    },
    {
      id: 'status',
      header: t('status'),
      cell: (registry) => <RegistryStatus registry={registry} />,
    },
    {
      id: 'credential',
      header: t('credential'),
      cell: (registry) => <EffectiveCell registry={registry} />,
    },
    {
      id: 'reach',
      header: t('reaches'),
      width: '150px',
      optional: true,
      cell: (registry) => <ReachCell registry={registry} />,
    },
  ];
}

function Nothing({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  const t = useTranslations('registries.empty');
  const { env, can } = useEnvironment();
  if (isFiltered) {
    return (
      <EmptyState
        title={t('filtered')}
        action={
          <button type="button" onClick={onClear}>
            {t('clear')}
          </button>
        }
      />
    );
  }
  const add = can('registries:write') && (
    <LinkButton href={`/e/${env}/registries/new`}>{t('add')}</LinkButton>
  );
  return (
    <EmptyState title={t('title')} action={add}>
      {t('hint')}
    </EmptyState>
  );
}

/** Is it well, which login is used, where has it arrived: one row per registry, the stack beside it. */
export function RegistriesView() {
  const t = useTranslations('registries');
  const { env, environment, can } = useEnvironment();
  const [filters, setFilters] = useQueryStates(registryFilters);
  const [peek, setPeek] = useQueryState('peek', parseAsString);
  const query = useQuery({ ...registriesOf(env, filters), placeholderData: keepPreviousData });
  const columns = useColumns(env);
  const isFiltered = filters.q !== '' || filters.state !== null || filters.attention !== null;
  const sortBy = (next: string) =>
    void setFilters({ sort: registrySorts.find((sort) => sort === next) ?? 'name', cursor: null });
  const about =
    query.data &&
    t('list.about', { count: query.data.total, name: environment?.displayName ?? '' });
  return (
    <>
      <PageHeader title={t('title')} about={about}>
        {can('registries:write') && (
          <LinkButton href={`/e/${env}/registries/new`}>{t('add.title')}</LinkButton>
        )}
      </PageHeader>
      <RegistriesFilter
        filters={filters}
        onChange={(next) => void setFilters({ ...next, cursor: null })}
      />
      <div className={classes.split}>
        <div className={classes.list}>
          <QueryView query={query}>
            {({ items, total, nextCursor }) =>
              items.length === 0 ? (
                <Nothing isFiltered={isFiltered} onClear={() => void setFilters(null)} />
              ) : (
                <>
                  <DataTable
                    label={t('title')}
                    columns={columns}
                    rows={items}
                    rowId={({ id }) => id}
                    selectedId={peek}
                    onSelect={({ id }) => void setPeek(id === peek ? null : id)}
                    isFaded={({ state }) => state === 'disabled'}
                    sort={filters.sort}
                    onSort={sortBy}
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
        </div>
        {peek !== null && (
          <RegistryPeek key={peek} registryId={peek} onClose={() => void setPeek(null)} />
        )}
      </div>
    </>
  );
}
