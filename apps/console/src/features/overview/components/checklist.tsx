'use client';

import type { EnvironmentSummary } from '@moorage/contract';
import { IconCircle, IconCircleCheckFilled } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { LinkButton } from '../../../components/link-button';
import { useEnvironment, useSession } from '../../../lib/session-context';
import { overviewClustersOf } from '../loaders';
import classes from './overview.module.css';

interface Step {
  readonly id: 'registry' | 'credential' | 'cluster' | 'target' | 'sync';
  readonly isDone: boolean;
  readonly href: string | null;
}

function useSteps(summary: EnvironmentSummary): readonly Step[] {
  const { env, environment, can } = useEnvironment();
  const { permissions } = useSession();
  const { registries, credentials, clusters, targets, namespaces } = summary;
  // A cluster counts as soon as a target can be made in it; the summary counts those that have one.
  const { data: usable } = useQuery(overviewClustersOf(env));
  const hasCluster =
    clusters.total > 0 ||
    (usable?.items ?? []).some(({ simulated }) => !simulated || environment?.simulated);
  const mayWrite = can('registries:write');
  return [
    {
      id: 'registry',
      isDone: registries.total > 0,
      href: mayWrite ? `/e/${env}/registries/new` : null,
    },
    {
      id: 'credential',
      isDone: credentials.total > 0,
      href: mayWrite && registries.total > 0 ? `/e/${env}/registries` : null,
    },
    {
      id: 'cluster',
      isDone: hasCluster,
      href: permissions.includes('clusters:manage') ? '/installation/clusters/new' : null,
    },
    {
      id: 'target',
      isDone: targets.total > 0,
      href: can('targets:write') && hasCluster ? `/e/${env}/targets/new` : null,
    },
    {
      id: 'sync',
      isDone: namespaces.total > 0 && namespaces.inSync === namespaces.total,
      href: targets.total > 0 ? `/e/${env}/targets` : null,
    },
  ];
}

/** The five steps from nothing to images in every namespace; gone once the first four were made. */
export function Checklist({ summary }: { summary: EnvironmentSummary }) {
  const t = useTranslations('overview.steps');
  const steps = useSteps(summary);
  const done = steps.filter(({ isDone }) => isDone).length;
  const next = steps.find(({ isDone }) => !isDone);
  if (next === undefined || next.id === 'sync') return null;
  return (
    <section className="card pad stack" aria-label={t('title')}>
      <div className="row">
        <h2>{t('title')}</h2>
        <span className="dim" aria-live="polite">
          {t('progress', { done, total: steps.length })}
        </span>
      </div>
      <ol className={classes.steps}>
        {steps.map(({ id, isDone, href }) => (
          <li key={id} data-done={isDone || undefined}>
            {isDone ? (
              <IconCircleCheckFilled size={18} aria-label={t('done')} />
            ) : (
              <IconCircle size={18} aria-label={t('open')} />
            )}
            <div className="two-lines grow">
              <span>{t(id)}</span>
              {!isDone && <small>{t(`${id}Hint`)}</small>}
            </div>
            {!isDone && href !== null && (
              <LinkButton href={href} variant={id === next.id ? 'filled' : 'default'}>
                {t(`${id}Action`)}
              </LinkButton>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
