'use client';

import { type MantineColorScheme, useMantineColorScheme } from '@mantine/core';
import { useMounted } from '@mantine/hooks';
import { IconBrightness, IconMoon, IconSun } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { DropMenu } from '../../../components/drop-menu';
import classes from './shell.module.css';

const SCHEMES: readonly MantineColorScheme[] = ['auto', 'light', 'dark'];
const ICONS = { auto: IconBrightness, light: IconSun, dark: IconMoon } as const;

export function ThemeMenu() {
  const t = useTranslations('navigation.theme');
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  // What was chosen before is known to the browser alone.
  const isMounted = useMounted();
  return (
    <DropMenu
      label={t('title')}
      triggerClass={classes.quiet}
      trigger={<IconBrightness size={16} aria-hidden />}
      items={SCHEMES.map((scheme) => {
        const Icon = ICONS[scheme];
        return {
          id: scheme,
          isCurrent: isMounted && scheme === colorScheme,
          onSelect: () => setColorScheme(scheme),
          label: (
            <>
              <Icon size={14} aria-hidden /> {t(scheme)}
            </>
          ),
        };
      })}
    />
  );
}
