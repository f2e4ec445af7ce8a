'use client';

import type { Setting } from '@moorage/contract';
import { useState } from 'react';
import { ProblemError } from '../../../lib/api';
import { useAction } from '../../../lib/use-action';
import { applyChange, type SettingChange } from '../actions';

const NEEDS_ACKNOWLEDGEMENT = ['policy.would-refuse', 'policy.impact-unknown'];

/** The server stored nothing, because images that run now would be stopped. */
export function isRefusalOfServer(error: unknown): boolean {
  return error instanceof ProblemError && NEEDS_ACKNOWLEDGEMENT.includes(error.problem.code);
}

export interface SettingChanges {
  readonly reviewed: SettingChange | null;
  readonly review: (change: SettingChange) => void;
  readonly closeReview: () => void;
  /** One click: stored at once if nothing is stopped by it, else shown as a dry run. */
  readonly applyOrReview: (change: SettingChange) => Promise<boolean>;
  readonly pending: boolean;
  readonly error: unknown;
}

export function useSettingChanges(env: string | null): SettingChanges {
  const [reviewed, setReviewed] = useState<SettingChange | null>(null);
  const { run, pending, error } = useAction(
    async (change: SettingChange) => {
      try {
        await applyChange(env, change, false);
        return true;
      } catch (cause) {
        if (!isRefusalOfServer(cause)) throw cause;
        setReviewed(change);
        return false;
      }
    },
    ['settings'],
  );
  return {
    reviewed,
    review: setReviewed,
    closeReview: () => setReviewed(null),
    applyOrReview: async (change) => {
      const outcome = await run(change);
      return outcome.ok && outcome.value;
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
