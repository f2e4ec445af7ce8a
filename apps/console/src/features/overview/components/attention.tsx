'use client';

import type { EnvironmentSummary, Registry, Target } from '@moorage/contract';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useNow, useTranslations } from 'next-intl';
import { StatusBadge } from '../../../components/status-badge';
import { useEnvironment } from '../../../lib/session-context';
import { overviewTargetsOf, unwellRegistriesOf } from '../loaders';
import classes from './overview.module.css';

interface Matter {
  readonly id: string;
  readonly tone: 'bad' | 'warn';
  readonly name: string;
  readonly href: string;
  readonly text: string;
  /** how many namespaces it concerns: the widest first */
  readonly weight: number;
}

type Translate = ReturnType<typeof useTranslations<'overview'>>;

function matterOfRegistry(registry: Registry, env: string, now: number, t: Translate): Matter {
  const { id, name, reach, effectiveCredentials } = registry;
  const isExpired = effectiveCredentials.some(
    ({ expiresAt }) => expiresAt !== null && Date.parse(expiresAt) <= now,
  );
  const ends = effectiveCredentials.some(({ expiresAt }) => expiresAt !== null);
  const key = isExpired
    ? 'expired'
    : reach.failed > 0
      ? 'registryFailed'
      : ends
        ? 'endsSoon'
        : 'withoutCredential';
  return {
    id,
    name,
    tone: isExpired || reach.failed > 0 ? 'bad' : 'warn',
    href: `/e/${env}/registries/${id}`,
    text: t(`matter.${key}`, { count: reach.failed }),
    weight: isExpired ? reach.namespaces : reach.failed,
  };
}

function matterOfTarget(
  { id, clusterName, status }: Target,
  env: string,
  t: Translate,
): Matter | null {
  const { failed, conflicts, lastError, namespaces } = status;
  if (failed === 0 && conflicts === 0 && lastError === null) return null;
  const key = lastError !== null ? 'unreachable' : failed > 0 ? 'failed' : 'conflicts';
  return {
    id,
    name: clusterName,
    tone: key === 'conflicts' ? 'warn' : 'bad',
    href: `/e/${env}/targets/${id}`,
    text: t(`matter.${key}`, { count: key === 'conflicts' ? conflicts : failed }),
    weight: lastError === null ? failed + conflicts : namespaces,
  };
}

function useMatters(): readonly Matter[] {
  const t = useTranslations('overview');
  const { env } = useEnvironment();
  const now = useNow().getTime();
  const registries = useQuery(unwellRegistriesOf(env)).data?.items ?? [];
  const targets = useQuery(overviewTargetsOf(env)).data?.items ?? [];
  return [
    ...registries.map((registry) => matterOfRegistry(registry, env, now, t)),
    ...targets.map((target) => matterOfTarget(target, env, t)).filter((matter) => matter !== null),
  ].toSorted((a, b) => b.weight - a.weight);
}

/** What somebody should look at, the widest effect first. */
export function Attention({ summary }: { summary: EnvironmentSummary }) {
  const t = useTranslations('overview');
  const matters = useMatters();
  const isUsed = summary.registries.total > 0 || summary.targets.total > 0;
  if (!isUsed) return null;
  return (
    <section className="card" aria-label={t('attention')}>
      <h2 className={classes.head}>{t('attention')}</h2>
      {matters.length === 0 && <p className={`dim ${classes.matter}`}>{t('allWell')}</p>}
      <ul>
        {matters.map(({ id, tone, name, href, text }) => (
          <li key={id} className={classes.matter}>
            <StatusBadge tone={tone}>{text}</StatusBadge>
            <Link href={href}>{name}</Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
