'use client';

import { Button } from '@mantine/core';
import type { Cluster } from '@moorage/contract';
import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { BackLink } from '../../../components/back-link';
import { Notice } from '../../../components/notice';
import { PageHeader } from '../../../components/page-header';
import { SimulatedBadge } from '../../../components/simulated-badge';
import { QueryView } from '../../../components/states';
import { Time } from '../../../components/time';
import { useCodeText } from '../../../lib/problem-text';
import { clusterOf } from '../loaders';
import { ClusterCheck } from './cluster-check';
import { ClusterPermissions } from './cluster-permissions';
import { ClusterStatus } from './cluster-status';
import classes from './clusters.module.css';
import { GrantsEditor } from './grants-editor';

const AccessDialog = dynamic(() => import('./access-dialog').then((m) => m.AccessDialog));
const ClusterRemoval = dynamic(() => import('./cluster-removal').then((m) => m.ClusterRemoval));

function Facts({ cluster }: { cluster: Cluster }) {
  const t = useTranslations('clusters');
  return (
    <dl className={classes.facts}>
      <dt>{t('access.server')}</dt>
      <dd className="mono">{cluster.server}</dd>
      <dt>{t('accessLabel')}</dt>
      <dd>{t(`access.kind.${cluster.accessKind}`)}</dd>
      <dt>{t('version')}</dt>
      <dd className="mono">{cluster.kubernetesVersion ?? '–'}</dd>
      <dt>{t('targets')}</dt>
      <dd>{cluster.targets}</dd>
      <dt>{t('lastContact')}</dt>
      <dd>
        {cluster.lastContactAt === null ? t('never') : <Time value={cluster.lastContactAt} />}
      </dd>
      <dt>{t('created')}</dt>
      <dd>
        <Time value={cluster.createdAt} />
      </dd>
    </dl>
  );
}

function Detail({ cluster }: { cluster: Cluster }) {
  const t = useTranslations('clusters');
  const textOf = useCodeText();
  const [open, setOpen] = useState<'access' | 'remove' | null>(null);
  return (
    <>
      <BackLink href="/installation/clusters">{t('title')}</BackLink>
      <PageHeader
        title={
          <span className="row">
            {cluster.name}
            {cluster.simulated && <SimulatedBadge />}
          </span>
        }
        about={<ClusterStatus cluster={cluster} />}
      >
        {!cluster.simulated && (
          <Button variant="default" onClick={() => setOpen('access')}>
            {t('replaceAccess')}
          </Button>
        )}
        <Button variant="default" c="var(--bad)" onClick={() => setOpen('remove')}>
          {t('removeDots')}
        </Button>
      </PageHeader>
      {cluster.lastError !== null && (
        <Notice tone="bad">{textOf(cluster.lastError.code, cluster.lastError.detail)}</Notice>
      )}
      <div className={classes.columns}>
        <div className="stack">
          <ClusterPermissions clusterId={cluster.id} />
          <GrantsEditor cluster={cluster} />
        </div>
        <div className="stack">
          <section className="card pad">
            <Facts cluster={cluster} />
          </section>
          <ClusterCheck cluster={cluster} />
        </div>
      </div>
      {open === 'access' && <AccessDialog cluster={cluster} onClose={() => setOpen(null)} />}
      {open === 'remove' && <ClusterRemoval cluster={cluster} onClose={() => setOpen(null)} />}
    </>
  );
}

export function ClusterDetail({ clusterId }: { clusterId: string }) {
  const query = useQuery(clusterOf(clusterId));
  return <QueryView query={query}>{(cluster) => <Detail cluster={cluster} />}</QueryView>;
}
