import { QueryClient } from '@tanstack/react-query';
import { ProblemError } from './api';

/** Live events make data fresh; this is how old it may be on its own before it is read again. */
const STALE_AFTER_MS = 30_000;
const MAX_RETRIES = 2;

/** A refusal stays one however often it is asked; only an unwell server is asked again. */
function isWorthRetrying(error: Error): boolean {
  if (!(error instanceof ProblemError)) return true;
  const { status } = error.problem;
  return status === 0 || status >= 500;
}

export function buildQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: STALE_AFTER_MS,
        refetchOnWindowFocus: true,
        retry: (failures, error) => failures < MAX_RETRIES && isWorthRetrying(error),
      },
    },
  });
}
