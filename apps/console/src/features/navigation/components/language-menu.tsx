'use client';

import { IconLanguage } from '@tabler/icons-react';
import { useRouter } from 'next/navigation';
import { useLocale, useTranslations } from 'next-intl';
import { DropMenu } from '../../../components/drop-menu';
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
    <DropMenu
      label={t('language')}
      triggerClass={classes.quiet}
      trigger={<IconLanguage size={16} aria-hidden />}
      items={LOCALES.map((each) => ({
        id: each,
        lang: each,
        label: LOCALE_NAMES[each],
        isCurrent: each === locale,
        onSelect: () => choose(each),
      }))}
    />
  );
}
