'use client';

import type { Mirror } from '@moorage/contract';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { ChangeCost } from '../../../components/change-cost';
import { ConfirmDialog } from '../../../components/confirm-dialog';
import type { NodeFormat } from '../../../lib/node-formats';
import { useEnvironment } from '../../../lib/session-context';
import { useAction } from '../../../lib/use-action';
import { deleteMirror } from '../actions';
import { previewOf } from '../loaders';
import { mirrorsAfterDeleting } from './mirror-draft';

interface RemovalProps {
  readonly mirror: Mirror;
  readonly mirrors: readonly Mirror[];
  readonly format: NodeFormat;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** What nodes do without the mirror and what the step costs them, before it goes. */
export function MirrorRemoval({ mirror, mirrors, format, onDone, onClose }: RemovalProps) {
  const t = useTranslations('mirrors');
  const { env } = useEnvironment();
  const { data } = useQuery(previewOf(env, format, mirrorsAfterDeleting(mirrors, mirror)));
  const remove = useAction(deleteMirror, ['mirrors']);
  const confirm = async () => {
    const outcome = await remove.run(env, mirror);
    if (outcome.ok) onDone();
  };
  return (
    <ConfirmDialog
      title={t('removal.title', { registry: mirror.registry })}
      confirmLabel={t('removal.confirm')}
      destructive
      pending={remove.pending}
      error={remove.error}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <p>{mirror.registry === '*' ? t('removal.everything') : t('removal.effect')}</p>
      {data !== undefined && <ChangeCost cost={data.cost} costWithAgent={data.costWithAgent} />}
    </ConfirmDialog>
  );
}
