'use client';

import type { ProblemDocument } from '@moorage/contract';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { ProblemNotice } from '../../../components/problem-notice';
import { ProblemError } from '../../../lib/api';
import { canBeAcknowledged } from './use-setting-change';

type Fault = NonNullable<ProblemDocument['errors']>[number];

function FaultLine({ code, detail, entry, suggestion }: Fault) {
  const t = useTranslations('errors');
  return (
    <li>
      {entry !== undefined && <strong className="mono">{entry} </strong>}
      {t.has(code) ? t(code) : detail}
      {suggestion !== undefined && <span className="mono"> → {suggestion}</span>}
    </li>
  );
}

/** Of a list the detail only strings together what stands below it, entry by entry. */
function withoutRepetition(error: unknown): unknown {
  if (!(error instanceof ProblemError)) return error;
  const { problem } = error;
  const isListed = problem.errors?.some(({ entry }) => entry !== undefined) ?? false;
  return isListed ? new ProblemError({ ...problem, detail: problem.title }) : error;
}

/** Why a change was refused, entry by entry where it is about a list. */
export function ChangeProblem({ error }: { error: unknown }) {
  const t = useTranslations('policy.review');
  // The same object as long as the error is: a notice takes the focus once for each.
  const shown = useMemo(() => withoutRepetition(error), [error]);
  if (error === null) return null;
  const faults = error instanceof ProblemError ? (error.problem.errors ?? []) : [];
  return (
    <ProblemNotice error={shown}>
      {faults.length > 0 && (
        <ul className="stack-tight">
          {faults.map((fault) => (
            <FaultLine key={`${fault.code}${fault.entry}${fault.detail}`} {...fault} />
          ))}
        </ul>
      )}
      {!canBeAcknowledged(error) && <strong>{t('cannotBeAcknowledged')}</strong>}
    </ProblemNotice>
  );
}
