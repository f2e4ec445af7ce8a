'use client';

import { useTranslations } from 'next-intl';
import { ProblemNotice } from '../../../components/problem-notice';
import { ProblemError } from '../../../lib/api';
import { useCodeText } from '../../../lib/problem-text';
import { canBeAcknowledged } from './use-setting-change';

/** Why a change was refused, entry by entry where it is about a list. */
export function ChangeProblem({ error }: { error: unknown }) {
  const t = useTranslations('policy.review');
  const textOf = useCodeText();
  if (error === null) return null;
  const faults = error instanceof ProblemError ? (error.problem.errors ?? []) : [];
  return (
    <ProblemNotice error={error}>
      {faults.length > 0 && (
        <ul className="stack-tight">
          {faults.map(({ code, detail, entry, suggestion }) => (
            <li key={`${code}${entry}${detail}`}>
              {entry !== undefined && <strong className="mono">{entry} </strong>}
              {textOf(code, detail)}
              {suggestion !== undefined && <span className="mono"> → {suggestion}</span>}
            </li>
          ))}
        </ul>
      )}
      {!canBeAcknowledged(error) && <strong>{t('cannotBeAcknowledged')}</strong>}
    </ProblemNotice>
  );
}
