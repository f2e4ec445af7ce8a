'use client';

import type { NodeStatusList } from '@moorage/contract';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useQueryStates } from 'nuqs';
import { FilterChips } from '../../../components/filter-chips';
import { LinkButton } from '../../../components/link-button';
import { PageHeader } from '../../../components/page-header';
import { EmptyState, QueryView } from '../../../components/states';
import { useEnvironment } from '../../../lib/session-context';
import { STATE_ORDER } from '../labels';
import { nodeFilters, nodeShows, nodesOf } from '../loaders';
import { ClusterNodes } from './cluster-nodes';

/** Agents report to their cluster, which no stream of changes tells of. */
const REREAD_MS = 15_000;

type Nodes = NodeStatusList['items'];

function worstFirst(nodes: Nodes): Nodes {
  return nodes.toSorted(
    (a, b) => STATE_ORDER[a.state] - STATE_ORDER[b.state] || (a.node < b.node ? -1 : 1),
  );
}

function Clusters({ list }: { list: NodeStatusList }) {
  const t = useTranslations('nodes');
  const { env } = useEnvironment();
  const [{ show }, setFilters] = useQueryStates(nodeFilters);
  if (list.clusters.length === 0) {
    return (
      <EmptyState
        title={t('empty')}
        action={<LinkButton href={`/e/${env}/targets/new`}>{t('addTarget')}</LinkButton>}
      >
        {t('emptyHint')}
      </EmptyState>
    );
  }
  const isShown = (node: Nodes[number]) => show === 'all' || node.state !== 'in-sync';
  const nodes = worstFirst(list.items.filter(isShown));
  return (
    <>
      <FilterChips
        label={t('filter')}
        chips={nodeShows.map((value) => ({ value, label: t(`show.${value}`) }))}
        value={show}
        onChange={(value) =>
          void setFilters({ show: nodeShows.find((each) => each === value) ?? null })
        }
      />
      {list.clusters.map((cluster) => (
        <ClusterNodes
          key={cluster.clusterId}
          cluster={cluster}
          nodes={nodes.filter(({ clusterId }) => clusterId === cluster.clusterId)}
        />
      ))}
    </>
  );
}

/** Whether each node has what it should, as the agents report. */
export function NodesView() {
  const t = useTranslations('nodes');
  const { env } = useEnvironment();
  const query = useQuery({ ...nodesOf(env), refetchInterval: REREAD_MS });
  return (
    <>
      <PageHeader title={t('title')} about={t('about')}>
        <LinkButton variant="default" href={`/e/${env}/mirrors/delivery`}>
          {t('install')}
        </LinkButton>
      </PageHeader>
      <QueryView query={query}>{(list) => <Clusters list={list} />}</QueryView>
    </>
  );
}
