'use client';

import type { PolicyImpact } from '@moorage/contract';
import { useTranslations } from 'next-intl';
import { Notice } from '../../../components/notice';
import { SimulatedBadge } from '../../../components/simulated-badge';
import { StatusBadge } from '../../../components/status-badge';
import { READING_TONES } from '../labels';
import classes from './policy.module.css';
import { useDetailedCode } from './policy-words';
import { RefusalList } from './refusal-list';

type Cluster = PolicyImpact['clusters'][number];

function isLockOut(code: string): boolean {
  return code.startsWith('lock-out.');
}

function Verdict({ impact }: { impact: PolicyImpact }) {
  const t = useTranslations('policy.review');
  const { mode, newlyRefused, workloads, images, complete, refusedWorkloads } = impact;
  // Where nothing was read, "nothing would be refused" would be a promise.
  const isSomethingRead = complete || workloads > 0;
  const isHarmless = newlyRefused === 0 && complete;
  const tone = isHarmless ? 'info' : mode === 'enforce' ? 'bad' : 'warn';
  return (
    <Notice tone={tone}>
      {!complete && <strong>{t('incomplete')}</strong>}
      {isSomethingRead && <strong>{t(`verdict.${mode}`, { count: newlyRefused })}</strong>}
      {isSomethingRead && (
        <span className="dim">
          {t('counted', { workloads, images })}
          {refusedWorkloads > 0 && ` ${t('refusedWorkloads', { count: refusedWorkloads })}`}
        </span>
      )}
    </Notice>
  );
}

function Warnings({
  warnings,
  tone,
  title,
}: Pick<PolicyImpact, 'warnings'> & { tone: 'bad' | 'warn'; title: string }) {
  const textOf = useDetailedCode();
  if (warnings.length === 0) return null;
  return (
    <Notice tone={tone}>
      <strong>{title}</strong>
      <ul className="stack-tight">
        {warnings.map(({ code, detail }) => {
          const text = textOf(code, detail);
          return (
            <li key={`${code}${detail}`} className="two-lines">
              <span>{text.sentence}</span>
              {text.detail !== null && <small lang="en">{text.detail}</small>}
            </li>
          );
        })}
      </ul>
    </Notice>
  );
}

function ClusterLine({ cluster }: { cluster: Cluster }) {
  const t = useTranslations('policy.review');
  const { clusterName, simulated, state, detail, namespaces, workloads, refusals } = cluster;
  return (
    <li className={classes.line}>
      <span className="row grow">
        <strong>{clusterName}</strong>
        {simulated && <SimulatedBadge />}
      </span>
      {state === 'read' ? (
        <span className="dim">{t('read', { namespaces, workloads, refusals })}</span>
      ) : (
        <>
          <StatusBadge tone={READING_TONES[state]}>{t(`reading.${state}`)}</StatusBadge>
          {detail !== null && (
            <small className="dim" lang="en">
              {detail}
            </small>
          )}
        </>
      )}
    </li>
  );
}

/** What runs now and would be refused, before anything is changed. */
export function PolicyImpactReport({ impact }: { impact: PolicyImpact }) {
  const t = useTranslations('policy.review');
  const { clusters, refusals, truncated } = impact;
  // What could not be read comes first: it is what nobody knows.
  const ordered = clusters.toSorted(
    (a, b) => Number(a.state === 'read') - Number(b.state === 'read'),
  );
  return (
    <div className="stack">
      <Verdict impact={impact} />
      <Warnings
        tone="bad"
        title={t('lockOuts')}
        warnings={impact.warnings.filter(({ code }) => isLockOut(code))}
      />
      <Warnings
        tone="warn"
        title={t('warnings')}
        warnings={impact.warnings.filter(({ code }) => !isLockOut(code))}
      />
      {refusals.length > 0 && <RefusalList refusals={refusals} />}
      {truncated && <p className="dim">{t('truncated', { count: refusals.length })}</p>}
      <section className="card">
        <h3 className={classes.head}>{t('lookedAt')}</h3>
        {clusters.length === 0 && <p className={`dim ${classes.line}`}>{t('noClusters')}</p>}
        <ul>
          {ordered.map((cluster) => (
            <ClusterLine key={cluster.clusterId} cluster={cluster} />
          ))}
        </ul>
      </section>
    </div>
  );
}
