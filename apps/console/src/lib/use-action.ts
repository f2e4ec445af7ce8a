'use client';

import type { EventTopic } from '@moorage/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { invalidateTopics } from './live/topics';

type Outcome<R> = { readonly ok: true; readonly value: R } | { readonly ok: false };

/**
 * A write: pending while it runs, its refusal kept until the next try, what it touched read again.
 * Unlike a query library's mutation it keeps no arguments, for they may hold a secret.
 */
export function useAction<A extends readonly unknown[], R>(
  action: (...args: A) => Promise<R>,
  topics: readonly EventTopic[],
) {
  const queryClient = useQueryClient();
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const run = async (...args: A): Promise<Outcome<R>> => {
    setPending(true);
    setError(null);
    try {
      const value = await action(...args);
      await invalidateTopics(queryClient, topics);
      return { ok: true, value };
    } catch (cause) {
      setError(cause);
      return { ok: false };
    } finally {
      setPending(false);
    }
  };
  return { run, pending, error, clear: () => setError(null) };
}
