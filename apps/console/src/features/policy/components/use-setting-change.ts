'use client';

import type { PolicyImpact, Setting } from '@moorage/contract';
import { useState } from 'react';
import { ProblemError } from '../../../lib/api';
import { useAction } from '../../../lib/use-action';
import { applyChange, type SettingChange } from '../actions';

const NEEDS_ACKNOWLEDGEMENT = ['policy.would-refuse', 'policy.impact-unknown'];

/** The server stored nothing, because images that run now would be stopped. */
export function isRefusalOfServer(error: unknown): error is ProblemError {
  return error instanceof ProblemError && NEEDS_ACKNOWLEDGEMENT.includes(error.problem.code);
}

/** The report that such a refusal carries. */
export function reportOf({ problem }: ProblemError): PolicyImpact | null {
  const { report } = problem;
  const isReport = typeof report === 'object' && report !== null && 'refusals' in report;
  return isReport ? (report as PolicyImpact) : null; // our own server's words; checked by `refusals`
}

/** False when the cluster could no longer repair itself: then no sentence helps. */
export function canBeAcknowledged(error: unknown): boolean {
  return !(error instanceof ProblemError && error.problem.acknowledgeable === false);
}

export interface ReviewedChange {
  readonly change: SettingChange;
  /** of the refusal that led here; null = a dry run tells */
  readonly report: PolicyImpact | null;
}

export interface SettingChanges {
  readonly reviewed: ReviewedChange | null;
  readonly review: (change: SettingChange) => void;
  readonly closeReview: () => void;
  /** One click: stored at once if nothing is stopped by it, else shown as a report. */
  readonly applyOrReview: (change: SettingChange) => Promise<void>;
  readonly pending: boolean;
  readonly error: unknown;
}

export function useSettingChanges(env: string | null): SettingChanges {
  const [reviewed, setReviewed] = useState<ReviewedChange | null>(null);
  const { run, pending, error } = useAction(
    async (change: SettingChange) => {
      try {
        await applyChange(env, change, false);
      } catch (cause) {
        if (!isRefusalOfServer(cause)) throw cause;
        setReviewed({ change, report: reportOf(cause) });
      }
    },
    ['settings'],
  );
  return {
    reviewed,
    review: (change) => setReviewed({ change, report: null }),
    closeReview: () => setReviewed(null),
    applyOrReview: async (change) => {
      await run(change);
    },
    pending,
    error,
  };
}

/** Only what is stored here can be weakened here; an installation's mode holds from above. */
export function warnFirstOf(
  env: string | null,
  mode: Setting | undefined,
  { name }: SettingChange,
): (() => Promise<void>) | null {
  const isAbove = env !== null && mode?.source === 'installation';
  if (name === 'policy.mode' || isAbove) return null;
  return () => applyChange(env, { name: 'policy.mode', value: 'warn' }, false);
}
