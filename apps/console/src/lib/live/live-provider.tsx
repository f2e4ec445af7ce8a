'use client';

import type { ChangeEvent, EventTopic } from '@moorage/contract';
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { type LiveMessage, subscribeToLive } from './event-source';
import { patchFromEvents } from './patch';
import { invalidateTopics } from './topics';

export type LiveState = 'connecting' | 'live' | 'polling';
const LiveContext = createContext<LiveState>('connecting');

/** Changes of one transaction come together; long enough to see them as one. */
const FIRST_BATCH_MS = 20;
/** A burst (a rotation touches thousands of namespaces) becomes one read per this span. */
const NEXT_BATCH_MS = 1_000;
const POLL_EVERY_MS = 30_000;

export function useLiveState(): LiveState {
  return useContext(LiveContext);
}

/** Collects changes for a moment, then brings the cache up to date with as few reads as possible. */
function buildBatcher(queryClient: QueryClient, onSessionChange: () => void) {
  let pending: ChangeEvent[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let flushedAt = 0;
  const flush = async () => {
    const events = pending;
    pending = [];
    timer = undefined;
    flushedAt = Date.now();
    const topics = new Set<EventTopic>(events.map(({ topic }) => topic));
    if (topics.has('environments') || topics.has('members')) onSessionChange();
    const { fresh } = await patchFromEvents(queryClient, events);
    await invalidateTopics(queryClient, topics, fresh);
  };
  return (event: ChangeEvent) => {
    pending.push(event);
    const delay = Math.max(FIRST_BATCH_MS, flushedAt + NEXT_BATCH_MS - Date.now());
    if (timer === undefined) timer = setTimeout(() => void flush(), delay);
  };
}

function useLiveMessages(setState: (state: LiveState) => void) {
  const queryClient = useQueryClient();
  const router = useRouter();
  useEffect(() => {
    const stop = new AbortController();
    const add = buildBatcher(queryClient, () => router.refresh());
    const onMessage = (message: LiveMessage) => {
      if (message.kind === 'change') add(message.event);
      if (message.kind === 'reset') void queryClient.invalidateQueries();
      if (message.kind !== 'lost') setState('live');
      else setState('polling');
    };
    subscribeToLive(onMessage, stop.signal);
    return () => stop.abort();
  }, [queryClient, router, setState]);
}

/** Keeps every view fresh: by the stream, and by polling while there is none. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const [state, setState] = useState<LiveState>('connecting');
  const queryClient = useQueryClient();
  useLiveMessages(setState);
  useEffect(() => {
    if (state !== 'polling') return;
    const timer = setInterval(() => void queryClient.invalidateQueries(), POLL_EVERY_MS);
    return () => clearInterval(timer);
  }, [state, queryClient]);
  return <LiveContext value={state}>{children}</LiveContext>;
}
