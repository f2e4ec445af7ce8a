'use client';

import type { ApiKey } from '@moorage/contract';
import { useTranslations } from 'next-intl';
import { ConfirmDialog } from '../../../components/confirm-dialog';
import { useAction } from '../../../lib/use-action';
import { deleteApiKey } from '../actions';

export function RevokeKey({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const t = useTranslations('apiKeys');
  const { run, pending, error } = useAction(deleteApiKey, ['api-keys']);
  const confirm = async () => {
    const outcome = await run(apiKey);
    if (outcome.ok) onClose();
  };
  return (
    <ConfirmDialog
      title={t('revokeTitle', { name: apiKey.name })}
      confirmLabel={t('revoke')}
      destructive
      onConfirm={() => void confirm()}
      onClose={onClose}
      pending={pending}
      error={error}
    >
      <p>{t('revokeHint')}</p>
    </ConfirmDialog>
  );
}
