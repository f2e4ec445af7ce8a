/** Answers beside the page, so that typing stays smooth while a large file is read. */
import { type CoreQuestion, type CoreTopic, coreAnswers } from './core-answers';

export interface Asked<K extends CoreTopic = CoreTopic> {
  readonly topic: K;
  readonly question: CoreQuestion<K>;
}

self.addEventListener('message', ({ data }: MessageEvent<Asked>) => {
  // The topic picks the function that takes its question; the union of both cannot say so.
  const answer = coreAnswers[data.topic] as (question: unknown) => unknown;
  self.postMessage({ answer: answer(data.question) });
});
