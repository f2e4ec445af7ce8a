'use client';

import { Checkbox } from '@mantine/core';
import type { Cluster } from '@moorage/contract';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ConfirmDialog } from '../../../components/confirm-dialog';
import { useAction } from '../../../lib/use-action';
import { deleteCluster } from '../actions';

/** Removing cleans the cluster first, also when it comes back later; forgetting leaves it as it is. */
export function ClusterRemoval({ cluster, onClose }: { cluster: Cluster; onClose: () => void }) {
  const t = useTranslations('clusters.removal');
  const router = useRouter();
  const [forget, setForget] = useState(false);
  const { run, pending, error } = useAction(deleteCluster, ['clusters', 'targets']);
  const confirm = async () => {
    const outcome = await run(cluster, forget);
    if (!outcome.ok) return;
    onClose();
    router.push('/installation/clusters');
  };
  return (
    <ConfirmDialog
      title={t('title', { name: cluster.name })}
      confirmLabel={t('remove')}
      destructive
      typeToConfirm={cluster.name}
      onConfirm={() => void confirm()}
      onClose={onClose}
      pending={pending}
      error={error}
    >
      <p>{t('hint', { count: cluster.targets })}</p>
      <Checkbox
        label={t('forget')}
        description={t('forgetHint')}
        checked={forget}
        onChange={({ currentTarget }) => setForget(currentTarget.checked)}
      />
    </ConfirmDialog>
  );
}
