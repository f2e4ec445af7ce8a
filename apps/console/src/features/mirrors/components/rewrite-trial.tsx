'use client';

import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { StatusBadge } from '../../../components/status-badge';
import { useCoreAnswer } from '../../../lib/core/use-core-answer';
import type { RewriteRow } from './mirror-draft';
import classes from './mirrors.module.css';

/** What the rules make of an image, as Go's regular expressions do, while they are typed. */
export function useRewriteTrial(image: string, rewrites: readonly RewriteRow[]) {
  const rules = useMemo(() => rewrites.filter(({ pattern }) => pattern !== ''), [rewrites]);
  const question = useMemo(
    () => (rules.length === 0 ? null : { image: image.trim(), rules }),
    [image, rules],
  );
  const { told } = useCoreAnswer('rewrite', question);
  const answer = question === null ? null : (told?.answer ?? null);
  const asked = told?.question.rules ?? [];
  const faults = new Map(
    rules.map((rule) => {
      const at = asked.findIndex(({ pattern }) => pattern === rule.pattern);
      return [rule.id, answer?.faults[at] ?? null] as const;
    }),
  );
  return { answer, faults };
}

export function RewriteTrial({ answer }: { answer: ReturnType<typeof useRewriteTrial>['answer'] }) {
  const t = useTranslations('mirrors');
  if (answer === null) return null;
  const { repository, result, winner, otherResults } = answer;
  return (
    <div className={classes.trial} role="status">
      <span className="dim">{t('trial.example')}</span>
      <span className="mono">{repository}</span>
      <span aria-hidden>→</span>
      <strong className={`mono ${winner < 0 ? '' : classes.rewritten}`}>{result}</strong>
      {winner < 0 && <span className="dim">{t('trial.unchanged')}</span>}
      {otherResults.length > 0 && (
        <StatusBadge tone="warn">
          {t('trial.ambiguous', { other: otherResults[0] ?? '' })}
        </StatusBadge>
      )}
    </div>
  );
}
