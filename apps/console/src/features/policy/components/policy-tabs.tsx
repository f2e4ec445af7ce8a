'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useEnvironment } from '../../../lib/session-context';
import classes from './policy.module.css';

/** The two pages of a policy: what it says, and what it stopped. */
export function PolicyTabs() {
  const t = useTranslations('policy.tabs');
  const { env } = useEnvironment();
  const pathname = usePathname();
  const tabs = [
    { href: `/e/${env}/policy`, label: t('rules') },
    { href: `/e/${env}/policy/stopped-images`, label: t('stopped') },
  ];
  return (
    <nav className={classes.tabs} aria-label={t('label')}>
      {tabs.map(({ href, label }) => (
        <Link key={href} href={href} aria-current={pathname === href ? 'page' : undefined}>
          {label}
        </Link>
      ))}
    </nav>
  );
}
