'use client';

import { Menu } from '@mantine/core';
import { IconLanguage } from '@tabler/icons-react';
import { useRouter } from 'next/navigation';
import { useLocale, useTranslations } from 'next-intl';
import { LOCALE_COOKIE, LOCALE_NAMES, LOCALES, type Locale } from '../../../i18n/locales';
import classes from './shell.module.css';

const ONE_YEAR_S = 31_536_000;

export function LanguageMenu() {
  const t = useTranslations('navigation');
  const router = useRouter();
  const locale = useLocale();
  const choose = (next: Locale) => {
    // biome-ignore lint/suspicious/noDocumentCookie: the cookie store API is missing in Firefox and Safari
    document.cookie = `${LOCALE_COOKIE}=${next}; path=/; max-age=${ONE_YEAR_S}; samesite=lax`;
    document.documentElement.lang = next;
    router.refresh();
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <button type="button" className={classes.quiet} aria-label={t('language')}>
          <IconLanguage size={16} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {LOCALES.map((each) => (
          <Menu.Item
            key={each}
            lang={each}
            aria-current={each === locale || undefined}
            fw={each === locale ? 600 : undefined}
            onClick={() => choose(each)}
          >
            {LOCALE_NAMES[each]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
