import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CoreDesk } from './core-desk';

/** A worker that answers when it is told to. */
class HeldWorker {
  static readonly made: HeldWorker[] = [];
  readonly asked: { question: unknown }[] = [];
  isTerminated = false;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onerror: ((event: { preventDefault(): void }) => void) | null = null;

  constructor() {
    HeldWorker.made.push(this);
  }

  postMessage(asked: { question: unknown }) {
    this.asked.push(asked);
  }

  answer(answer: unknown) {
    this.onmessage?.({ data: { answer } });
  }

  fail() {
    this.onerror?.({ preventDefault: () => undefined });
  }

  terminate() {
    this.isTerminated = true;
  }
}

const question = (document: string) => ({ document, distribution: 'k3s' }) as const;
const worker = (index = 0) => {
  const made = HeldWorker.made[index];
  if (made === undefined) throw new Error('no worker was started');
  return made;
};

beforeEach(() => {
  HeldWorker.made.length = 0;
  vi.stubGlobal('Worker', HeldWorker);
  vi.useFakeTimers();
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('a desk that asks the domain', () => {
  it('asks one question at a time, and then only the newest', () => {
    const desk = new CoreDesk('check');
    const told: string[] = [];
    for (const document of ['a', 'b', 'c']) {
      desk.ask(question(document), () => told.push(document));
    }
    expect(worker().asked).toHaveLength(1);
    worker().answer({});
    expect(worker().asked.map(({ question: asked }) => asked)).toEqual([
      question('a'),
      question('c'),
    ]);
    worker().answer({});
    expect(told).toEqual(['a', 'c']);
  });

  it('gives up a question that takes too long, and answers the next', () => {
    const desk = new CoreDesk('check');
    const outcomes: unknown[] = [];
    desk.ask(question('slow'), (outcome) => outcomes.push(outcome));
    vi.runAllTimers();
    expect(outcomes).toEqual([{ ok: false, failure: 'timeout' }]);
    expect(worker().isTerminated).toBe(true);
    desk.ask(question('quick'), (outcome) => outcomes.push(outcome));
    worker(1).answer('an answer');
    expect(outcomes[1]).toEqual({ ok: true, answer: 'an answer' });
  });

  it('answers in the page where the browser refuses the worker', async () => {
    const desk = new CoreDesk('check');
    const answered = new Promise((resolve) => desk.ask(question('mirrors: {}'), resolve));
    worker().fail();
    vi.useRealTimers();
    expect(await answered).toMatchObject({ ok: true, answer: { valid: true, diagnostics: [] } });
  });

  it('says that a worker which had answered before broke down', () => {
    const desk = new CoreDesk('check');
    const outcomes: unknown[] = [];
    desk.ask(question('a'), (outcome) => outcomes.push(outcome));
    worker().answer('an answer');
    desk.ask(question('b'), (outcome) => outcomes.push(outcome));
    worker().fail();
    expect(outcomes[1]).toEqual({ ok: false, failure: 'broken' });
  });

  it('tells nothing after it was closed', () => {
    const desk = new CoreDesk('check');
    const outcomes: unknown[] = [];
    desk.ask(question('a'), (outcome) => outcomes.push(outcome));
    desk.close();
    worker().answer('late');
    expect([outcomes, worker().isTerminated]).toEqual([[], true]);
  });
});
