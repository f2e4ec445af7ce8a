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

/** A burst (a rotation touches thousands of namespaces) becomes one read per this span. */
const BATCH_MS = 150;
const POLL_EVERY_MS = 30_000;

export function useLiveState(): LiveState {
  return useContext(LiveContext);
}

/** Collects changes for a moment, then brings the cache up to date with as few reads as possible. */
function buildBatcher(queryClient: QueryClient, onSessionChange: () => void) {
  let pending: ChangeEvent[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = async () => {
    const events = pending;
    pending = [];
    timer = undefined;
    const rest = await patchFromEvents(queryClient, events);
    const topics = new Set<EventTopic>(rest.map(({ topic }) => topic));
    if (topics.has('environments') || topics.has('members')) onSessionChange();
    await invalidateTopics(queryClient, topics);
  };
  return (event: ChangeEvent) => {
    pending.push(event);
    timer ??= setTimeout(() => void flush(), BATCH_MS);
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
