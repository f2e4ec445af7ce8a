'use client';

import { Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
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
    <Menu position="bottom-end">
      <Menu.Target>
        <button type="button" className={classes.quiet}>
          {user.displayName || user.username}
          <IconChevronDown size={14} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component={Link} href="/account/api-keys">
          {t('apiKeys')}
        </Menu.Item>
        <Menu.Item component={Link} href="/account/password">
          {t('password')}
        </Menu.Item>
        <Menu.Item component="a" href="/api/docs">
          {t('apiDocs')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={() => void signOut()}>{t('signOut')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
