'use client';

import { IconChevronDown } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { DropMenu } from '../../../components/drop-menu';
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
    <DropMenu
      align="start"
      triggerClass={classes.picker}
      trigger={
        <>
          <span className="dim">{t('environment')}</span>
          <strong>{chosen.displayName}</strong>
          {chosen.simulated && <SimulatedBadge />}
          <IconChevronDown size={14} aria-hidden />
        </>
      }
      items={environments.map((environment) => ({
        id: environment.id,
        href: `/e/${environment.name}`,
        isCurrent: environment === chosen,
        label: (
          <>
            {environment.displayName} {environment.simulated && <SimulatedBadge />}
          </>
        ),
      }))}
    />
  );
}
