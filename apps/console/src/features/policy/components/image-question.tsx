'use client';

import { useDebouncedValue } from '@mantine/hooks';
import type { ImageResolution } from '@moorage/contract';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useQueryStates } from 'nuqs';
import { useState } from 'react';
import { FormField } from '../../../components/form-field';
import { ProblemNotice } from '../../../components/problem-notice';
import { SimulatedBadge } from '../../../components/simulated-badge';
import { StatusBadge } from '../../../components/status-badge';
import { useEnvironment } from '../../../lib/session-context';
import { OUTCOME_TONES } from '../labels';
import { policyFilters, resolutionOf } from '../loaders';
import classes from './policy.module.css';
import { useRuleText } from './policy-words';

/** Longer than the pause between two keys of a quick typist. */
const SETTLED_AFTER_MS = 250;

function Verdict({ resolution }: { resolution: ImageResolution }) {
  const t = useTranslations('policy.question');
  const ruleOf = useRuleText();
  const { allowed, enforced, image, rewrittenFrom } = resolution;
  const key = allowed ? 'allowed' : enforced ? 'refused' : 'notStopped';
  const tone = allowed ? 'ok' : enforced ? 'bad' : 'warn';
  return (
    <div className="stack-tight">
      <span className="row" style={{ gap: 8 }}>
        <StatusBadge tone={tone}>{t(key)}</StatusBadge>
        <span className="mono">
          {rewrittenFrom !== undefined && <span className="dim">{rewrittenFrom} → </span>}
          <strong>{image}</strong>
        </span>
      </span>
      <span>{ruleOf(resolution)}</span>
    </div>
  );
}

function Login({ resolution }: { resolution: ImageResolution }) {
  const t = useTranslations('policy.question');
  const { credential, pullSecret } = resolution;
  return (
    <dl className={classes.facts}>
      <dt>{t('credential')}</dt>
      <dd>
        {credential === undefined ? (
          <span className="dim">{t('anonymous')}</span>
        ) : (
          <span className="mono">
            {credential.username}
            {credential.scope !== '' && <span className="dim"> · {credential.scope}</span>}
          </span>
        )}
      </dd>
      <dt>{t('pullSecret')}</dt>
      <dd className="mono">{pullSecret ?? '–'}</dd>
    </dl>
  );
}

function ClusterAnswer({
  cluster,
  image,
}: {
  cluster: ImageResolution['clusters'][number];
  image: string;
}) {
  const t = useTranslations('policy');
  const { clusterName, simulated, outcome, enforced } = cluster;
  // What would be refused if it were in force there is no refusal.
  const isGap = outcome === 'refused' && !enforced;
  return (
    <li className={classes.answer}>
      <span className="row grow" style={{ gap: 6 }}>
        {clusterName}
        {simulated && <SimulatedBadge />}
      </span>
      {cluster.image !== image && <span className="mono">{cluster.image}</span>}
      <StatusBadge tone={isGap ? 'warn' : OUTCOME_TONES[outcome]}>
        {isGap ? t('question.notEnforced') : t(`outcome.${outcome}`)}
      </StatusBadge>
    </li>
  );
}

function Answer({ resolution }: { resolution: ImageResolution }) {
  return (
    <div className="stack">
      <Verdict resolution={resolution} />
      <Login resolution={resolution} />
      {resolution.clusters.length > 0 && (
        <ul className={classes.answers}>
          {resolution.clusters.map((cluster) => (
            <ClusterAnswer key={cluster.clusterId} cluster={cluster} image={resolution.image} />
          ))}
        </ul>
      )}
    </div>
  );
}

/** Type an image: under which name it would run, whether it may, by which rule, and where it differs. */
export function ImageQuestion() {
  const t = useTranslations('policy.question');
  const { env, can } = useEnvironment();
  const [{ image: asked }, setFilters] = useQueryStates(policyFilters);
  const [text, setText] = useState(asked);
  const [settled] = useDebouncedValue(text.trim(), SETTLED_AFTER_MS);
  const query = useQuery({
    ...resolutionOf(env, settled),
    enabled: settled !== '' && can('images:use'),
    placeholderData: keepPreviousData,
  });
  const isThere = text.trim() !== '' && query.data !== undefined;
  return (
    <section className="card" aria-label={t('title')}>
      <h2 className={classes.head}>{t('title')}</h2>
      <div className="pad stack">
        <FormField
          label={t('label')}
          isLabelHidden
          placeholder="nginx:1.29"
          mono
          autoFocus={asked !== ''}
          maxLength={4096}
          value={text}
          onChange={({ currentTarget }) => {
            setText(currentTarget.value);
            void setFilters({ image: currentTarget.value.trim() || null });
          }}
        />
        <div aria-live="polite" aria-busy={query.isFetching}>
          {isThere && query.error === null && <Answer resolution={query.data} />}
          {text.trim() === '' && <p className="dim">{t('hint')}</p>}
        </div>
        {query.error !== null && <ProblemNotice error={query.error} />}
      </div>
    </section>
  );
}
