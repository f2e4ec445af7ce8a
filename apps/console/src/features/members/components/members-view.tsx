'use client';

import { Button } from '@mantine/core';
import type { Member } from '@moorage/contract';
import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { type Column, DataTable } from '../../../components/data-table';
import { FormField } from '../../../components/form-field';
import { PageHeader } from '../../../components/page-header';
import { ProblemNotice } from '../../../components/problem-notice';
import { EmptyState, QueryView } from '../../../components/states';
import { Time } from '../../../components/time';
import { useEnvironment } from '../../../lib/session-context';
import { useAction } from '../../../lib/use-action';
import { putMember } from '../actions';
import { MEMBER_ROLES, memberRoleOf } from '../labels';
import { membersOf } from '../loaders';
import { AddMember } from './add-member';

const RemoveMember = dynamic(() => import('./remove-member').then((module) => module.RemoveMember));

function useColumns(onRemove: (member: Member) => void): {
  columns: readonly Column<Member>[];
  error: unknown;
} {
  const t = useTranslations('members');
  const { env, can } = useEnvironment();
  const change = useAction(putMember, ['members']);
  const mayManage = can('members:manage');
  const roles = MEMBER_ROLES.map((role) => ({ value: role, label: t(`role.${role}`) }));
  const columns: Column<Member>[] = [
    {
      id: 'user',
      header: t('user'),
      cell: ({ username, displayName }) => (
        <div className="two-lines">
          <span>{displayName || username}</span>
          {displayName !== '' && <small className="mono">{username}</small>}
        </div>
      ),
    },
    {
      id: 'role',
      header: t('roleLabel'),
      cell: ({ role, userId, username }) =>
        mayManage ? (
          <FormField
            kind="choice"
            label={t('roleOf', { username })}
            isLabelHidden
            choices={roles}
            value={role}
            onChange={({ currentTarget }) =>
              void change.run(env, userId, memberRoleOf(currentTarget.value))
            }
          />
        ) : (
          t(`role.${role}`)
        ),
    },
    {
      id: 'since',
      header: t('since'),
      optional: true,
      cell: ({ createdAt }) => <Time value={createdAt} />,
    },
  ];
  const remove: Column<Member> = {
    id: 'remove',
    header: '',
    cell: (member) => (
      <Button variant="default" onClick={() => onRemove(member)}>
        {t('remove')}
      </Button>
    ),
  };
  return { columns: mayManage ? [...columns, remove] : columns, error: change.error };
}

export function MembersView() {
  const t = useTranslations('members');
  const { env, can } = useEnvironment();
  const query = useQuery(membersOf(env));
  const [removed, setRemoved] = useState<Member | null>(null);
  const { columns, error } = useColumns(setRemoved);
  return (
    <>
      <PageHeader
        title={t('title')}
        about={query.data && t('about', { count: query.data.total })}
      />
      {can('members:manage') && <AddMember />}
      {error !== null && <ProblemNotice error={error} />}
      <QueryView query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={t('empty')}>{t('emptyHint')}</EmptyState>
          ) : (
            <DataTable
              label={t('title')}
              columns={columns}
              rows={items}
              rowId={({ userId }) => userId}
            />
          )
        }
      </QueryView>
      {removed !== null && <RemoveMember member={removed} onClose={() => setRemoved(null)} />}
    </>
  );
}
