'use client';

import { IconSearch } from '@tabler/icons-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { Mark } from '../../../components/mark';
import { useLiveState } from '../../../lib/live/live-provider';
import { EnvironmentPicker } from './environment-picker';
import { LanguageMenu } from './language-menu';
import { openPalette } from './open-palette';
import classes from './shell.module.css';
import { ThemeMenu } from './theme-menu';
import { UserMenu } from './user-menu';

function LiveDot() {
  const t = useTranslations('navigation.live');
  const state = useLiveState();
  return (
    <span className={classes.live} data-state={state} title={t(`${state}Hint`)}>
      <span>{t(state)}</span>
    </span>
  );
}

export function Header() {
  const t = useTranslations('navigation');
  return (
    <header className={classes.header}>
      <Link href="/" className={classes.brand} aria-label="Moorage">
        <Mark />
        <span>Moorage</span>
      </Link>
      <EnvironmentPicker />
      <button
        type="button"
        className={classes.search}
        // On a phone only the icon is shown; elsewhere the name has to hold all that is.
        aria-label={`${t('search')} Ctrl K`}
        onClick={openPalette}
      >
        <IconSearch size={16} className={classes.searchIcon} aria-hidden />
        <span>{t('search')}</span>
        <kbd>Ctrl K</kbd>
      </button>
      <LiveDot />
      <LanguageMenu />
      <ThemeMenu />
      <UserMenu />
    </header>
  );
}
