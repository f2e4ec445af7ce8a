'use client';

import { Button } from '@mantine/core';
import type { ClusterCheck as Check, Cluster } from '@moorage/contract';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ProblemNotice } from '../../../components/problem-notice';
import { StatusBadge } from '../../../components/status-badge';
import { Time } from '../../../components/time';
import { useCodeText } from '../../../lib/problem-text';
import { useAction } from '../../../lib/use-action';
import { checkCluster } from '../actions';

/** Asks the cluster now, and says what answered or why nothing did. */
export function ClusterCheck({ cluster }: { cluster: Cluster }) {
  const t = useTranslations('clusters.check');
  const textOf = useCodeText();
  const [check, setCheck] = useState<Check | null>(null);
  const { run, pending, error } = useAction(checkCluster, ['clusters']);
  const ask = async () => {
    const outcome = await run(cluster);
    if (outcome.ok) setCheck(outcome.value);
  };
  return (
    <section className="card pad stack" aria-live="polite">
      <div className="row">
        <h2>{t('title')}</h2>
        <span className="push" />
        <Button variant="default" loading={pending} onClick={() => void ask()}>
          {t('now')}
        </Button>
      </div>
      {error !== null && <ProblemNotice error={error} />}
      {check !== null && (
        <div className="stack-tight">
          <div className="row">
            <StatusBadge tone={check.ok ? 'ok' : 'bad'}>
              {t(check.ok ? 'ok' : 'failed')}
            </StatusBadge>
            <span className="dim">
              {t('took', { ms: Math.round(check.durationMs) })}, <Time value={check.checkedAt} />
            </span>
          </div>
          {!check.ok && <span>{textOf(check.code, check.detail)}</span>}
          {check.fix !== null && <strong>{check.fix}</strong>}
        </div>
      )}
    </section>
  );
}
