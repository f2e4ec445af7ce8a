'use client';

import { Button } from '@mantine/core';
import type { User } from '@moorage/contract';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { useQueryStates } from 'nuqs';
import { useState } from 'react';
import { type Column, DataTable } from '../../../components/data-table';
import { PageHeader } from '../../../components/page-header';
import { Pager } from '../../../components/pager';
import { SearchBox } from '../../../components/search-box';
import { EmptyState, QueryView } from '../../../components/states';
import { StatusBadge } from '../../../components/status-badge';
import { Time } from '../../../components/time';
import { userFilters, usersOf } from '../loaders';

const UserDialog = dynamic(() => import('./user-dialog').then((module) => module.UserDialog));

function useColumns(): readonly Column<User>[] {
  const t = useTranslations('users');
  return [
    {
      id: 'user',
      header: t('user'),
      cell: ({ username, displayName }) => (
        <div className="two-lines">
          <strong className="mono">{username}</strong>
          {displayName !== '' && <small>{displayName}</small>}
        </div>
      ),
    },
    { id: 'role', header: t('roleLabel'), cell: ({ role }) => t(`role.${role}`) },
    {
      id: 'state',
      header: t('stateLabel'),
      cell: ({ state }) => (
        <StatusBadge tone={state === 'active' ? 'ok' : 'off'}>{t(`state.${state}`)}</StatusBadge>
      ),
    },
    {
      id: 'since',
      header: t('since'),
      optional: true,
      cell: ({ createdAt }) => <Time value={createdAt} />,
    },
  ];
}

export function UsersView() {
  const t = useTranslations('users');
  const [filters, setFilters] = useQueryStates(userFilters);
  const query = useQuery({ ...usersOf(filters), placeholderData: keepPreviousData });
  const [edited, setEdited] = useState<User | 'new' | null>(null);
  const columns = useColumns();
  return (
    <>
      <PageHeader title={t('title')} about={query.data && t('about', { count: query.data.total })}>
        <Button onClick={() => setEdited('new')}>{t('add')}</Button>
      </PageHeader>
      <SearchBox
        label={t('filter')}
        value={filters.q}
        onChange={(q) => void setFilters({ q, cursor: null })}
      />
      <QueryView query={query}>
        {({ items, total, nextCursor }) =>
          items.length === 0 ? (
            <EmptyState title={t('noMatch')} />
          ) : (
            <>
              <DataTable
                label={t('title')}
                columns={columns}
                rows={items}
                rowId={({ id }) => id}
                onSelect={setEdited}
                isFaded={({ state }) => state === 'disabled'}
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
      {edited !== null && (
        <UserDialog user={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />
      )}
    </>
  );
}
