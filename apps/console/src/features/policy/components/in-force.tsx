'use client';

import { Button } from '@mantine/core';
import type { ImagePolicy } from '@moorage/contract';
import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { SimulatedBadge } from '../../../components/simulated-badge';
import { StatusBadge } from '../../../components/status-badge';
import { Time } from '../../../components/time';
import { IN_FORCE_TONES, type InForceState } from '../labels';
import classes from './policy.module.css';
import { useDetailedCode } from './policy-words';

const PolicyExportDialog = dynamic(() =>
  import('./policy-export').then((module) => module.PolicyExportDialog),
);

type Cluster = ImagePolicy['clusters'][number];
type Half = 'whitelist' | 'defaultRegistry';

/** States that say all with their word. */
const SAYS_ALL: readonly InForceState[] = ['off', 'in-force', 'warns', 'unreachable'];

/** Reasons whose own words name an object or an answer, which the translated sentence does not. */
const NAMES_MORE = ['policy.foreign', 'policy.proof-refused', 'policy.not-enforced'];

function Why({ code, detail }: Pick<Cluster[Half], 'code' | 'detail'>) {
  const textOf = useDetailedCode();
  const text = textOf(code ?? '', detail ?? '');
  const adds = text.detail !== null && NAMES_MORE.some((each) => each === code);
  if (text.sentence === '') return null;
  return (
    <>
      <small>{text.sentence}</small>
      {adds && (
        <small className="dim" lang="en">
          {text.detail}
        </small>
      )}
    </>
  );
}

function InForceLine({ cluster, half }: { cluster: Cluster; half: Half }) {
  const t = useTranslations('policy');
  const { state, code, detail, provenAt } = cluster[half];
  return (
    <div className={classes.half}>
      <span className={classes.halfName}>{t(`half.${half}`)}</span>
      <div className="stack-tight grow">
        <span className="row" style={{ gap: 8 }}>
          <StatusBadge tone={IN_FORCE_TONES[state]}>{t(`state.${state}`)}</StatusBadge>
          {provenAt !== null && (
            <small className="dim">
              {t.rich('proven', { time: () => <Time value={provenAt} /> })}
            </small>
          )}
        </span>
        {state === 'unreachable' && <small>{t('staysInForce')}</small>}
        {!SAYS_ALL.includes(state) && <Why code={code} detail={detail} />}
      </div>
    </div>
  );
}

function ClusterInForce({ cluster, onExport }: { cluster: Cluster; onExport: () => void }) {
  const t = useTranslations('policy');
  const { clusterName, simulated, kubernetesVersion, whitelist, defaultRegistry } = cluster;
  const isWanted = whitelist.state !== 'off' || defaultRegistry.state !== 'off';
  return (
    <li className={classes.inForce}>
      <div className={classes.inForceHead}>
        <div className="row grow" style={{ rowGap: 2 }}>
          <h3>{clusterName}</h3>
          {simulated && <SimulatedBadge />}
          {kubernetesVersion !== null && (
            <span className="dim">Kubernetes {kubernetesVersion}</span>
          )}
        </div>
        {isWanted && (
          <Button size="compact-sm" variant="default" onClick={onExport}>
            {t('export.open')}
          </Button>
        )}
      </div>
      <InForceLine cluster={cluster} half="whitelist" />
      <InForceLine cluster={cluster} half="defaultRegistry" />
    </li>
  );
}

/** Where the policy really holds: said only after a dry run in the cluster has proven it. */
export function InForce({ clusters }: Pick<ImagePolicy, 'clusters'>) {
  const t = useTranslations('policy');
  const [exported, setExported] = useState<Cluster | null>(null);
  return (
    <section className="card" aria-label={t('inForce')}>
      <h2 className={classes.head}>{t('inForce')}</h2>
      {clusters.length === 0 && <p className={`dim ${classes.line}`}>{t('noTargets')}</p>}
      {clusters.length > 0 && <p className={`dim ${classes.line}`}>{t('inForceHint')}</p>}
      <ul className={classes.inForceList}>
        {clusters.map((cluster) => (
          <ClusterInForce
            key={cluster.clusterId}
            cluster={cluster}
            onExport={() => setExported(cluster)}
          />
        ))}
      </ul>
      {exported !== null && (
        <PolicyExportDialog
          clusterId={exported.clusterId}
          clusterName={exported.clusterName}
          onClose={() => setExported(null)}
        />
      )}
    </section>
  );
}
