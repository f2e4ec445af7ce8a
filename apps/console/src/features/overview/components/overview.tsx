'use client';

import type { EnvironmentSummary } from '@moorage/contract';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { Notice } from '../../../components/notice';
import { PageHeader } from '../../../components/page-header';
import { SimulatedBadge } from '../../../components/simulated-badge';
import { QueryView } from '../../../components/states';
import { useEnvironment } from '../../../lib/session-context';
import { overviewOf } from '../loaders';
import { Attention } from './attention';
import { Checklist } from './checklist';
import classes from './overview.module.css';
import { PolicyLine } from './policy-line';

function Counter({
  href,
  label,
  value,
  of,
  problem,
}: {
  href: string;
  label: string;
  value: number;
  of?: number;
  problem?: string | null;
}) {
  return (
    <Link href={href} className={`card ${classes.counter}`}>
      <span className="dim">{label}</span>
      <span className={classes.number}>
        {value}
        {of !== undefined && <small className="dim">{` / ${of}`}</small>}
      </span>
      {problem && <span className={classes.problem}>{problem}</span>}
    </Link>
  );
}

function Counters({ summary }: { summary: EnvironmentSummary }) {
  const t = useTranslations('overview');
  const { env } = useEnvironment();
  const { registries, credentials, targets, namespaces, clusters } = summary;
  const soon = credentials.expired + credentials.expiringSoon;
  const inTrouble = namespaces.failed + namespaces.conflicts;
  return (
    <div className={classes.counters}>
      <Counter
        href={`/e/${env}/registries`}
        label={t('registries')}
        value={registries.total - registries.disabled}
        of={registries.total}
      />
      <Counter
        href={`/e/${env}/registries?attention=true`}
        label={t('credentials')}
        value={credentials.total}
        problem={soon > 0 ? t('ending', { count: soon }) : null}
      />
      <Counter
        href={`/e/${env}/targets`}
        label={t('clusters')}
        value={clusters.total - clusters.unreachable}
        of={clusters.total}
        problem={
          clusters.unreachable > 0 ? t('unreachable', { count: clusters.unreachable }) : null
        }
      />
      <Counter
        href={`/e/${env}/targets`}
        label={t('namespaces')}
        value={namespaces.inSync}
        of={namespaces.total}
        problem={targets.failing > 0 && inTrouble > 0 ? t('inTrouble', { count: inTrouble }) : null}
      />
    </div>
  );
}

/** Is everything well, what needs somebody, and in a new environment: what to do next. */
export function Overview() {
  const t = useTranslations('overview');
  const { env, environment } = useEnvironment();
  const query = useQuery(overviewOf(env));
  return (
    <>
      <PageHeader
        title={
          <span className="row">
            {environment?.displayName ?? env}
            {environment?.simulated && <SimulatedBadge />}
          </span>
        }
      />
      {environment?.simulated && <Notice tone="info">{t('simulated')}</Notice>}
      <QueryView query={query}>
        {(summary) => (
          <>
            <Checklist summary={summary} />
            <Counters summary={summary} />
            <PolicyLine />
            <Attention summary={summary} />
          </>
        )}
      </QueryView>
    </>
  );
}
