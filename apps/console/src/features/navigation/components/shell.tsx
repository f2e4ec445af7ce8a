'use client';

import type { Session } from '@moorage/contract';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { LiveProvider } from '../../../lib/live/live-provider';
import { SessionProvider } from '../../../lib/session-context';
import { Header } from './header';
import { Navigation } from './navigation';
import classes from './shell.module.css';
import { Shortcuts } from './shortcuts';

/** The frame of every page of a signed-in visitor. */
export function Shell({ session, children }: { session: Session; children: ReactNode }) {
  const t = useTranslations('navigation');
  return (
    <SessionProvider session={session}>
      <LiveProvider>
        <div className={classes.shell}>
          <a href="#content" className={classes.skip}>
            {t('skip')}
          </a>
          <Header />
          <Navigation />
          <main id="content" tabIndex={-1} className={classes.main}>
            {children}
          </main>
        </div>
        <Shortcuts />
      </LiveProvider>
    </SessionProvider>
  );
}
