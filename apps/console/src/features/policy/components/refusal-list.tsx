'use client';

import type { PolicyRefusal } from '@moorage/contract';
import { useTranslations } from 'next-intl';
import { Tag } from '../../../components/status-badge';
import classes from './policy.module.css';
import { useRefusalText } from './policy-words';
import {
  type ClusterRefusals,
  groupRefusals,
  type NamespaceRefusals,
  type WorkloadRefusals,
} from './refusal-groups';

/** Few clusters are shown open; with many, their counts are what one looks for first. */
const OPEN_UP_TO = 3;

function WorkloadRow({ workload }: { workload: WorkloadRefusals }) {
  const t = useTranslations('policy.review');
  const textOf = useRefusalText();
  return (
    <li className={classes.refusal}>
      <span className={`two-lines ${classes.workload}`}>
        <span className="mono">{workload.name}</span>
        <small>{workload.kind}</small>
      </span>
      <ul className="stack-tight grow">
        {workload.images.map((refusal) => (
          <li key={refusal.image} className="two-lines">
            <span className="row" style={{ gap: 6 }}>
              <span className="mono">{refusal.image}</span>
              {refusal.refusedAlready && <Tag>{t('already')}</Tag>}
            </span>
            <small>{textOf(refusal)}</small>
          </li>
        ))}
      </ul>
    </li>
  );
}

function NamespaceGroup({ group, isShared }: { group: NamespaceRefusals; isShared: boolean }) {
  const t = useTranslations('policy.review');
  return (
    <section>
      <h4 className={classes.namespace}>
        {t('namespace')} <span className="mono">{group.namespace}</span>
        {isShared && <span className="dim">{t('of', { name: group.environmentName })}</span>}
      </h4>
      <ul>
        {group.workloads.map((workload) => (
          <WorkloadRow key={workload.key} workload={workload} />
        ))}
      </ul>
    </section>
  );
}

function ClusterGroup({
  group,
  isOpen,
  isShared,
}: {
  group: ClusterRefusals;
  isOpen: boolean;
  isShared: boolean;
}) {
  const t = useTranslations('policy.review');
  const { clusterName, images, newImages, namespaces } = group;
  return (
    <details className={`card ${classes.cluster}`} open={isOpen}>
      <summary>
        {clusterName}{' '}
        <span className="dim">{t('inCluster', { count: images, newCount: newImages })}</span>
      </summary>
      {namespaces.map((each) => (
        <NamespaceGroup key={each.key} group={each} isShared={isShared} />
      ))}
    </details>
  );
}

/** Cluster → namespace → workload → image, each image with its reason. */
export function RefusalList({ refusals }: { refusals: readonly PolicyRefusal[] }) {
  const groups = groupRefusals(refusals);
  const isShared = new Set(refusals.map(({ environmentId }) => environmentId)).size > 1;
  return (
    <div className="stack-tight">
      {groups.map((group) => (
        <ClusterGroup
          key={group.clusterId}
          group={group}
          isOpen={groups.length <= OPEN_UP_TO}
          isShared={isShared}
        />
      ))}
    </div>
  );
}
