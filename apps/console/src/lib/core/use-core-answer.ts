'use client';

import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import type { CoreAnswer, CoreQuestion, CoreTopic } from './core-answers';
import { CoreDesk, type CoreFailure } from './core-desk';

/** Longer than the pause between two keys of a quick typist. */
const SETTLED_AFTER_MS = 250;

interface Told<K extends CoreTopic> {
  readonly question: CoreQuestion<K>;
  readonly answer: CoreAnswer<K>;
}

export interface CoreState<K extends CoreTopic> {
  /** the newest answer and what it answers; stays while a newer one is on its way */
  readonly told: Told<K> | null;
  readonly isPending: boolean;
  readonly failure: CoreFailure | null;
}

/**
 * What the domain says about something that is being typed. `question` has to keep its identity between
 * renders (`useMemo`); null asks nothing.
 */
export function useCoreAnswer<K extends CoreTopic>(
  topic: K,
  question: CoreQuestion<K> | null,
): CoreState<K> {
  const [settled] = useDebouncedValue(question, SETTLED_AFTER_MS);
  const [told, setTold] = useState<Told<K> | null>(null);
  const [failure, setFailure] = useState<CoreFailure | null>(null);
  const desk = useRef<CoreDesk<K>>(null);
  useEffect(() => {
    const own = new CoreDesk(topic);
    desk.current = own;
    return () => own.close();
  }, [topic]);
  useEffect(() => {
    if (settled === null) return;
    desk.current?.ask(settled, (outcome) => {
      setFailure(outcome.ok ? null : outcome.failure);
      if (outcome.ok) setTold({ question: settled, answer: outcome.answer });
    });
  }, [settled]);
  const isAnswered = told?.question === question || (failure !== null && settled === question);
  return { told, isPending: question !== null && !isAnswered, failure };
}
