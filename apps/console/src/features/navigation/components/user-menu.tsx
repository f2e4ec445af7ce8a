'use client';

import { IconChevronDown, IconUser } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { DropMenu } from '../../../components/drop-menu';
import { call } from '../../../lib/api';
import { useSession } from '../../../lib/session-context';
import classes from './shell.module.css';

/** A whole new document, so that nothing of the last visitor stays in memory. */
async function signOut() {
  await call('signOut', {}).catch(() => undefined);
  window.location.assign('/sign-in');
}

export function UserMenu() {
  const t = useTranslations('navigation');
  const { user } = useSession();
  return (
    <DropMenu
      triggerClass={classes.quiet}
      label={user.displayName || user.username}
      trigger={
        <>
          <IconUser size={16} className={classes.userIcon} aria-hidden />
          <span className={classes.userName}>{user.displayName || user.username}</span>
          <IconChevronDown size={14} aria-hidden />
        </>
      }
      items={[
        { id: 'keys', label: t('apiKeys'), href: '/account/api-keys' },
        { id: 'password', label: t('password'), href: '/account/password' },
        {
          id: 'docs',
          label: t('apiDocs'),
          onSelect: () => window.location.assign('/api/docs'),
        },
        { id: 'out', label: t('signOut'), onSelect: () => void signOut() },
      ]}
    />
  );
}
