'use client';

import type { ImagePolicy } from '@moorage/contract';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { StatusBadge } from '../../../components/status-badge';
import { useEnvironment } from '../../../lib/session-context';
import { overviewPolicyOf } from '../loaders';
import classes from './overview.module.css';

const HOLDS = ['in-force', 'warns'];

function Reach({ clusters, conflict }: Pick<ImagePolicy, 'clusters' | 'conflict'>) {
  const t = useTranslations('policy.reach');
  const total = clusters.length;
  const count = clusters.filter(({ whitelist }) => HOLDS.includes(whitelist.state)).length;
  if (conflict !== null) return <StatusBadge tone="bad">{t('conflict')}</StatusBadge>;
  if (total === 0) return null;
  return (
    <StatusBadge tone={count === total ? 'ok' : 'warn'}>
      {count === total ? t('everywhere', { count }) : t('partly', { count, total })}
    </StatusBadge>
  );
}

/** Which images may run, in one line; nothing is said where there is no policy. */
export function PolicyLine() {
  const t = useTranslations('overview.policy');
  const { env } = useEnvironment();
  const { data: policy } = useQuery(overviewPolicyOf(env));
  if (policy === undefined) return null;
  const { whitelist, mode, defaultRegistry, clusters, conflict } = policy;
  const isOn = whitelist !== null && mode !== 'off';
  if (!isOn && defaultRegistry === null && conflict === null) return null;
  return (
    <section className={`card ${classes.policy}`} aria-label={t('title')}>
      <Link href={`/e/${env}/policy`}>{t('title')}</Link>
      {isOn && <span>{t(mode, { count: whitelist.length })}</span>}
      {isOn && <Reach clusters={clusters} conflict={conflict} />}
      {defaultRegistry !== null && (
        <span className="dim">
          {t('default')} <span className="mono">{defaultRegistry}</span>
        </span>
      )}
    </section>
  );
}
