import { expect, test } from 'vitest';
import { ManualClock } from '../test/manual-clock.js';
import { SilenceGuard } from './silence-guard.js';

/** A clock whose timers come late, as in a process that is stalled. */
class StalledClock extends ManualClock {
  lateMs = 0;

  override now = (): number => this.#manual.now() + this.#stalledMs;
  override schedule = (ms: number, callback: () => void): (() => void) =>
    this.#manual.schedule(ms, () => {
      this.#stalledMs += this.lateMs;
      callback();
    });

  readonly #manual: ManualClock;
  #stalledMs = 0;

  constructor(manual: ManualClock) {
    super();
    this.#manual = manual;
  }
}

function listen() {
  const manual = new ManualClock();
  const clock = new StalledClock(manual);
  const guard = new SilenceGuard(clock, 90_000, () => {});
  return { manual, clock, guard };
}

test('silence is noticed at its time', () => {
  const { manual, guard } = listen();
  manual.advance(89_999);
  expect(guard.isSilent).toBe(false);
  manual.advance(1);
  expect(guard.isSilent).toBe(true);
});

// Risk: a suspended machine wakes up and drops every watch before it has read what arrived.
test('a timer that comes late gives more time once, and what is heard in it counts', () => {
  const { manual, clock, guard } = listen();
  clock.lateMs = 60_000;
  manual.advance(90_000);
  expect(guard.isSilent).toBe(false);
  guard.heard();
  clock.lateMs = 0;
  manual.advance(30_000);
  expect(guard.isSilent).toBe(false);
});

test('a process that is late for ever notices silence all the same', () => {
  const { manual, clock, guard } = listen();
  clock.lateMs = 60_000;
  manual.advance(120_000);
  expect(guard.isSilent).toBe(true);
});
