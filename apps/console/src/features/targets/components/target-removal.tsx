'use client';

import type { Target } from '@moorage/contract';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { ConfirmDialog } from '../../../components/confirm-dialog';
import { Notice } from '../../../components/notice';
import { useEnvironment } from '../../../lib/session-context';
import { useAction } from '../../../lib/use-action';
import { deleteTarget } from '../actions';

/** From how many namespaces on the name has to be typed. */
const TYPE_ABOVE = 10;

export function TargetRemoval({ target, onClose }: { target: Target; onClose: () => void }) {
  const t = useTranslations('targets.removal');
  const { env } = useEnvironment();
  const router = useRouter();
  const { run, pending, error } = useAction(deleteTarget, ['targets']);
  const { namespaces } = target.status;
  const confirm = async () => {
    const outcome = await run(env, target);
    if (!outcome.ok) return;
    onClose();
    router.push(`/e/${env}/targets`);
  };
  return (
    <ConfirmDialog
      title={t('title', { cluster: target.clusterName })}
      confirmLabel={t('remove')}
      destructive
      {...(namespaces > TYPE_ABOVE ? { typeToConfirm: target.clusterName } : {})}
      onConfirm={() => void confirm()}
      onClose={onClose}
      pending={pending}
      error={error}
    >
      <Notice tone="warn">
        {t.rich('effect', {
          namespaces,
          secret: () => <span className="mono">{target.secretName}</span>,
        })}
      </Notice>
    </ConfirmDialog>
  );
}
