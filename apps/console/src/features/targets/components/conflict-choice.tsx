'use client';

import { Button } from '@mantine/core';
import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useEnvironment } from '../../../lib/session-context';
import { useAction } from '../../../lib/use-action';
import { decideConflict } from '../actions';

const ConfirmDialog = dynamic(() =>
  import('../../../components/confirm-dialog').then((module) => module.ConfirmDialog),
);

/** Somebody else's Secret has our name: take it over, or leave this namespace alone. */
export function ConflictChoice({ targetId, namespace }: { targetId: string; namespace: string }) {
  const t = useTranslations('targets.conflict');
  const { env } = useEnvironment();
  const [choice, setChoice] = useState<'adopt' | 'skip' | null>(null);
  const { run, pending, error } = useAction(decideConflict, ['targets']);
  const confirm = async () => {
    if (choice === null) return;
    const outcome = await run(env, targetId, namespace, choice);
    if (outcome.ok) setChoice(null);
  };
  return (
    <>
      <Button variant="default" size="compact-xs" onClick={() => setChoice('adopt')}>
        {t('adoptDots')}
      </Button>
      <Button variant="default" size="compact-xs" onClick={() => setChoice('skip')}>
        {t('skipDots')}
      </Button>
      {choice !== null && (
        <ConfirmDialog
          title={t(`${choice}Title`, { namespace })}
          confirmLabel={t(choice)}
          onConfirm={() => void confirm()}
          onClose={() => setChoice(null)}
          pending={pending}
          error={error}
        >
          <p>{t(`${choice}Hint`)}</p>
        </ConfirmDialog>
      )}
    </>
  );
}
