/**
 * Asks the domain beside the page. One question is under way and at most one waits: who types fast asks
 * only about the newest text. A browser that refuses the worker gets the answer in the page itself.
 */
import type { CoreAnswer, CoreQuestion, CoreTopic } from './core-answers';
import type { Asked } from './core-worker';

/** Half a mebibyte, the largest file that is read, takes about three seconds on a slow machine. */
const ANSWER_TIMEOUT_MS = 20_000;

export type CoreFailure = 'timeout' | 'broken';
type Outcome<K extends CoreTopic> =
  | { readonly ok: true; readonly answer: CoreAnswer<K> }
  | { readonly ok: false; readonly failure: CoreFailure };
interface Waiting<K extends CoreTopic> extends Asked<K> {
  readonly tell: (outcome: Outcome<K>) => void;
}

async function answerHere<K extends CoreTopic>({ topic, question }: Asked<K>): Promise<Outcome<K>> {
  const { coreAnswers } = await import('./core-answers');
  const answer = coreAnswers[topic] as (question: CoreQuestion<K>) => CoreAnswer<K>;
  return { ok: true, answer: answer(question) };
}

export class CoreDesk<K extends CoreTopic> {
  #worker: Worker | null = null;
  #hasAnswered = false;
  #isRefused = false;
  #current: Waiting<K> | null = null;
  #next: Waiting<K> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly topic: K) {}

  ask(question: CoreQuestion<K>, tell: (outcome: Outcome<K>) => void): void {
    this.#next = { topic: this.topic, question, tell };
    if (this.#current === null) this.#begin();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#worker?.terminate();
    this.#worker = null;
    this.#current = null;
    this.#next = null;
  }

  #begin(): void {
    const asked = this.#next;
    this.#current = asked;
    this.#next = null;
    if (asked === null) return;
    if (this.#isRefused) {
      void answerHere(asked)
        .catch((): Outcome<K> => ({ ok: false, failure: 'broken' }))
        .then((outcome) => this.#end(outcome));
      return;
    }
    this.#timer = setTimeout(() => this.#giveUp('timeout'), ANSWER_TIMEOUT_MS);
    this.#open().postMessage({ topic: asked.topic, question: asked.question });
  }

  #open(): Worker {
    if (this.#worker !== null) return this.#worker;
    const worker = new Worker(new URL('./core-worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<{ answer: CoreAnswer<K> }>) => {
      this.#hasAnswered = true;
      this.#end({ ok: true, answer: data.answer });
    };
    worker.onerror = (event) => {
      event.preventDefault();
      if (this.#hasAnswered) return this.#giveUp('broken');
      this.#isRefused = true;
      this.#restart();
    };
    this.#worker = worker;
    return worker;
  }

  /** The same question once more, in the page: the worker could not be started at all. */
  #restart(): void {
    clearTimeout(this.#timer);
    this.#next ??= this.#current;
    this.#begin();
  }

  #giveUp(failure: CoreFailure): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#end({ ok: false, failure });
  }

  #end(outcome: Outcome<K>): void {
    clearTimeout(this.#timer);
    // What was asked meanwhile makes this answer old, but better than none.
    this.#current?.tell(outcome);
    this.#begin();
  }
}
