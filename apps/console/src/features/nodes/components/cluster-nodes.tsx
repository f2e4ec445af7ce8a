'use client';

import type { NodeStatus, NodeStatusList } from '@moorage/contract';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { DataTable } from '../../../components/data-table';
import { Notice } from '../../../components/notice';
import { ReachBar } from '../../../components/reach-bar';
import { SimulatedBadge } from '../../../components/simulated-badge';
import { useEnvironment } from '../../../lib/session-context';
import classes from './nodes.module.css';
import { useNodeColumns } from './use-node-columns';

type Cluster = NodeStatusList['clusters'][number];

/** More rows scroll by themselves, and only those in view are drawn. */
const MANY = 60;
const WINDOW_PX = 560;

function Reports({ cluster, failed }: { cluster: Cluster; failed: number }) {
  const t = useTranslations('nodes');
  const { nodes, reporting, inSync, state, simulated } = cluster;
  if (state !== 'read') return null;
  if (nodes === 0) {
    return <span className="dim">{t(simulated ? 'noNodesSimulated' : 'noNodes')}</span>;
  }
  return (
    <>
      <ReachBar total={nodes} done={inSync} failed={failed} />
      <span className="dim">{t('reporting', { nodes, reporting, inSync })}</span>
    </>
  );
}

function Unread({ state, detail }: Pick<Cluster, 'state' | 'detail'>) {
  const t = useTranslations('nodes');
  if (state === 'read') return null;
  return (
    <Notice tone={state === 'forbidden' ? 'warn' : 'bad'}>
      <strong>{t(`unread.${state}`)}</strong>
      <span>{t(`unread.${state}Hint`)}</span>
      {detail !== null && <small className="dim">{detail}</small>}
    </Notice>
  );
}

function HowToInstall() {
  const t = useTranslations('nodes');
  const { env } = useEnvironment();
  return (
    <Notice tone="info">
      <strong>{t('noAgent')}</strong>
      <span>
        {t.rich('noAgentHint', {
          link: (chunks) => <Link href={`/e/${env}/mirrors/delivery`}>{chunks}</Link>,
        })}
      </span>
    </Notice>
  );
}

/** One cluster: how many nodes report, and each of them. */
export function ClusterNodes({
  cluster,
  nodes,
}: {
  cluster: Cluster;
  nodes: readonly NodeStatus[];
}) {
  const t = useTranslations('nodes');
  const columns = useNodeColumns();
  const heading = `cluster-${cluster.clusterId}`;
  return (
    <section className="stack-tight" aria-labelledby={heading}>
      <div className={classes.head}>
        <h2 id={heading}>{cluster.clusterName}</h2>
        {cluster.simulated && <SimulatedBadge />}
        <Reports
          cluster={cluster}
          failed={nodes.filter(({ state }) => state === 'failed').length}
        />
      </div>
      <Unread state={cluster.state} detail={cluster.detail} />
      {cluster.nodes > 0 && cluster.reporting === 0 && <HowToInstall />}
      {nodes.length > 0 && (
        <DataTable
          label={t('nodesOf', { cluster: cluster.clusterName })}
          columns={columns}
          rows={nodes}
          rowId={({ node }) => node}
          {...(nodes.length > MANY ? { windowHeight: WINDOW_PX } : {})}
        />
      )}
      {nodes.length === 0 && cluster.nodes > 0 && <p className="dim">{t('allWell')}</p>}
    </section>
  );
}
