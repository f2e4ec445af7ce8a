import 'server-only';
import { dehydrate, HydrationBoundary } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { buildQueryClient } from '../lib/query-client';
import type { Read } from '../lib/reads';
import { callFromServer } from '../lib/server-api';

/** Reads on the server what the views below will ask for, so that they show data in the first HTML. */
export async function Prefetched({
  reads,
  children,
}: {
  reads: readonly Read[];
  children: ReactNode;
}) {
  const client = buildQueryClient();
  // A read that fails here is simply not in the cache: the view asks again and shows the reason.
  await Promise.all(
    reads.map(({ queryKey }) =>
      client.prefetchQuery({
        queryKey,
        queryFn: () => callFromServer(queryKey[0], queryKey[1]),
        retry: false,
      }),
    ),
  );
  return <HydrationBoundary state={dehydrate(client)}>{children}</HydrationBoundary>;
}
