'use client';

import { Button } from '@mantine/core';
import type { Registry } from '@moorage/contract';
import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useEnvironment } from '../../../lib/session-context';
import { useAction } from '../../../lib/use-action';
import { enableRegistry } from '../actions';

const RegistryRemoval = dynamic(() =>
  import('./removal-dialogs').then((module) => module.RegistryRemoval),
);

/** Enable, or disable after the effect was shown. With `withDelete` also delete. */
export function RegistrySwitch({
  registry,
  withDelete = false,
}: {
  registry: Registry;
  withDelete?: boolean;
}) {
  const t = useTranslations('registries.removal');
  const { env, can } = useEnvironment();
  const [removal, setRemoval] = useState<'disable' | 'delete' | null>(null);
  const enable = useAction(enableRegistry, ['registries']);
  if (!can('registries:write')) return null;
  return (
    <>
      {registry.state === 'enabled' ? (
        <Button variant="default" onClick={() => setRemoval('disable')}>
          {t('disableDots')}
        </Button>
      ) : (
        <Button loading={enable.pending} onClick={() => void enable.run(env, registry)}>
          {t('enable')}
        </Button>
      )}
      {withDelete && (
        <Button variant="default" c="var(--bad)" onClick={() => setRemoval('delete')}>
          {t('deleteDots')}
        </Button>
      )}
      {removal !== null && (
        <RegistryRemoval registry={registry} action={removal} onClose={() => setRemoval(null)} />
      )}
    </>
  );
}
