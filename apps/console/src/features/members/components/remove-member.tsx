'use client';

import type { Member } from '@moorage/contract';
import { useTranslations } from 'next-intl';
import { ConfirmDialog } from '../../../components/confirm-dialog';
import { useEnvironment } from '../../../lib/session-context';
import { useAction } from '../../../lib/use-action';
import { deleteMember } from '../actions';

export function RemoveMember({ member, onClose }: { member: Member; onClose: () => void }) {
  const t = useTranslations('members');
  const { env } = useEnvironment();
  const { run, pending, error } = useAction(deleteMember, ['members']);
  const confirm = async () => {
    const outcome = await run(env, member.userId);
    if (outcome.ok) onClose();
  };
  return (
    <ConfirmDialog
      title={t('removeTitle', { username: member.username })}
      confirmLabel={t('removeConfirm')}
      destructive
      onConfirm={() => void confirm()}
      onClose={onClose}
      pending={pending}
      error={error}
    >
      <p>{t('removeHint')}</p>
    </ConfirmDialog>
  );
}
