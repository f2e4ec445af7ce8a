'use client';

import { Menu } from '@mantine/core';
import { IconCheck, IconChevronDown } from '@tabler/icons-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { SimulatedBadge } from '../../../components/simulated-badge';
import { useSession } from '../../../lib/session-context';
import classes from './shell.module.css';
import { useCurrentEnvironment } from './use-places';

/** Which environment is looked at; it is part of the address, so links keep it. */
export function EnvironmentPicker() {
  const t = useTranslations('navigation');
  const { environments } = useSession();
  const current = useCurrentEnvironment();
  const chosen = environments.find(({ name, id }) => name === current || id === current);
  if (chosen === undefined) return null;
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <button type="button" className={classes.picker}>
          <span className="dim">{t('environment')}</span>
          <strong>{chosen.displayName}</strong>
          {chosen.simulated && <SimulatedBadge />}
          <IconChevronDown size={14} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {environments.map((environment) => (
          <Menu.Item
            key={environment.id}
            component={Link}
            href={`/e/${environment.name}`}
            rightSection={environment === chosen ? <IconCheck size={14} aria-hidden /> : undefined}
          >
            {environment.displayName} {environment.simulated && <SimulatedBadge />}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
