import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  InFlightLimit,
  type Slot,
  type SlotOutcome,
  type SlotPriority,
} from './in-flight-limit.js';

/** Runs rounds in which every slot is taken and answered after `latencyMs`. */
function rounds(
  limit: InFlightLimit,
  time: { now: number },
  count: number,
  latencyMs: number,
  outcome: SlotOutcome = 'answered',
) {
  for (let round = 0; round < count; round += 1) {
    const slots: Slot[] = [];
    for (let slot = limit.tryAcquire('normal'); slot !== null; slot = limit.tryAcquire('normal'))
      slots.push(slot);
    time.now += latencyMs;
    for (const slot of slots) slot.release(outcome);
  }
}

function create(max: number) {
  const time = { now: 0 };
  return { time, limit: new InFlightLimit({ max, now: () => time.now }) };
}

describe('the number of calls in flight', () => {
  test('grows by one per round while all slots are in use, up to the greatest', () => {
    const { limit, time } = create(32);
    expect(limit.limit).toBe(16);
    rounds(limit, time, 1, 10);
    expect(limit.limit).toBe(17);
    rounds(limit, time, 40, 10);
    expect(limit.limit).toBe(32);
  });

  test('does not grow while slots stay empty', () => {
    const { limit, time } = create(32);
    for (let call = 0; call < 200; call += 1) {
      const slot = limit.tryAcquire('normal');
      time.now += 10;
      slot?.release('answered');
    }
    expect(limit.limit).toBe(16);
  });

  test('halves once for the refusals of one round, and not below one', () => {
    const { limit, time } = create(32);
    rounds(limit, time, 1, 10, 'refused');
    expect(limit.limit).toBe(8);
    rounds(limit, time, 10, 10, 'refused');
    expect(limit.limit).toBe(1);
    expect(limit.tryAcquire('normal')).not.toBeNull();
  });

  test('halves when answers take twice as long as they used to', () => {
    const { limit, time } = create(32);
    rounds(limit, time, 40, 150);
    expect(limit.limit).toBe(32);
    rounds(limit, time, 1, 400);
    expect(limit.limit).toBe(16);
  });

  test('takes a far cluster for far, not for overloaded', () => {
    const { limit, time } = create(32);
    rounds(limit, time, 40, 900);
    expect(limit.limit).toBe(32);
  });

  test('ignores doublings that are only noise', () => {
    const { limit, time } = create(32);
    rounds(limit, time, 40, 5);
    rounds(limit, time, 3, 40);
    expect(limit.limit).toBe(32);
  });

  test('is never exceeded by normal calls, and by at most two urgent ones', () => {
    const { limit } = create(4);
    const take = (priority: 'normal' | 'urgent') =>
      Array.from({ length: 10 }, () => limit.tryAcquire(priority)).filter((slot) => slot !== null)
        .length;
    expect(take('normal')).toBe(2);
    expect(take('urgent')).toBe(2);
    expect(limit.inFlight).toBe(4);
  });

  test('serves those who wait in order, urgent ones first, and forgets who left', () => {
    const { limit } = create(1);
    const held = limit.tryAcquire('normal');
    limit.tryAcquire('urgent');
    limit.tryAcquire('urgent');
    const served: string[] = [];
    const wait = (name: string, priority: 'normal' | 'urgent') =>
      limit.enqueue(priority, (slot) => {
        served.push(name);
        slot.release('unmeasured');
      });
    wait('first', 'normal');
    const leave = wait('left', 'normal');
    wait('second', 'normal');
    wait('urgent', 'urgent');
    leave();
    held?.release('answered');
    held?.release('answered');
    expect(served[0]).toBe('urgent');
    expect(served).not.toContain('left');
    expect(limit.inFlight).toBe(2);
  });

  test('learns no reference from a long burst: a slowdown after it is still seen', () => {
    const { limit, time } = create(32);
    for (let call = 0; call < 16; call += 1) {
      const slot = limit.tryAcquire('normal');
      time.now += 60;
      slot?.release('answered');
    }
    rounds(limit, time, 60, 110);
    expect(limit.limit).toBe(32);
    rounds(limit, time, 1, 150);
    expect(limit.limit).toBe(16);
  });
});

/** A rotation: more normal calls than will ever be served. They keep what they get. */
function queueRotation(limit: InFlightLimit): void {
  for (let call = 0; call < 100; call += 1) limit.enqueue('normal', () => {});
}

/** Callers that check that each line is served in its order. */
class Callers {
  readonly running: Slot[] = [];
  readonly lines: Record<SlotPriority, object[]> = { normal: [], urgent: [] };
  readonly #leave = new Map<object, () => void>();

  constructor(readonly limit: InFlightLimit) {}

  readonly normal = () => this.#call('normal');
  readonly urgent = () => this.#call('urgent');
  readonly answered = (pick: number) => this.#end(pick, 'answered');
  readonly refused = (pick: number) => this.#end(pick, 'refused');

  leave(pick: number): void {
    const line = this.lines[pick % 2 === 0 ? 'normal' : 'urgent'];
    const [caller] = line.splice(pick % Math.max(1, line.length), 1);
    if (caller !== undefined) this.#leave.get(caller)?.();
  }

  #call(priority: SlotPriority): void {
    const slot = this.limit.tryAcquire(priority);
    if (slot !== null) {
      this.running.push(slot);
      return;
    }
    const caller = {};
    this.lines[priority].push(caller);
    const leave = this.limit.enqueue(priority, (granted) => {
      expect(this.lines[priority].shift()).toBe(caller);
      this.running.push(granted);
    });
    this.#leave.set(caller, leave);
  }

  #end(pick: number, outcome: SlotOutcome): void {
    const [slot] = this.running.splice(pick % Math.max(1, this.running.length), 1);
    slot?.release(outcome);
  }
}

function takeAll(limit: InFlightLimit, priority: SlotPriority): Slot[] {
  const slots: Slot[] = [];
  for (let slot = limit.tryAcquire(priority); slot !== null; slot = limit.tryAcquire(priority))
    slots.push(slot);
  return slots;
}

describe('beside urgent calls', () => {
  // Risk: a new namespace's writes wait at the server behind a rotation that is refilled for ever.
  test('normal calls get no new slot until an eighth of the limit is left of them', () => {
    const { limit } = create(64);
    const normal = takeAll(limit, 'normal');
    queueRotation(limit);
    limit.tryAcquire('urgent');
    expect(normal).toHaveLength(32);
    for (const slot of normal.slice(0, 28)) slot.release('unmeasured');
    expect(limit).toMatchObject({ inFlight: 5, waiting: 100 });
    normal[28]?.release('unmeasured');
    expect(limit).toMatchObject({ inFlight: 5, waiting: 99 });
  });

  test('normal calls have all slots again a moment after the last urgent one', () => {
    const { limit, time } = create(64);
    const normal = takeAll(limit, 'normal');
    queueRotation(limit);
    const urgent = limit.tryAcquire('urgent');
    for (const slot of normal.slice(0, 28)) slot.release('unmeasured');
    time.now = 1_000;
    urgent?.release('unmeasured');
    expect(limit.inFlight).toBe(4);
    time.now += 99;
    normal[28]?.release('unmeasured');
    expect(limit.inFlight).toBe(4);
    time.now += 1;
    normal[29]?.release('unmeasured');
    expect(limit.inFlight).toBe(32);
  });

  test.each([1, 2, 32, 64])(
    'normal calls get one slot in eight however many urgent ones there are (limit of %i)',
    (max) => {
      const { limit } = create(max);
      const running = [...takeAll(limit, 'normal'), ...takeAll(limit, 'urgent')];
      const served: SlotPriority[] = [];
      for (let call = 0; call < 1_000; call += 1) {
        for (const priority of ['urgent', 'normal'] as const) {
          limit.enqueue(priority, (slot) => {
            served.push(priority);
            running.push(slot);
          });
        }
      }
      for (let answer = 0; answer < 800; answer += 1) running.shift()?.release('unmeasured');
      const normal = served.filter((priority) => priority === 'normal').length;
      expect(normal).toBeGreaterThanOrEqual(Math.floor(served.length / 8) - 1);
      expect(normal).toBeLessThanOrEqual(Math.ceil(served.length / 8) + 1);
    },
  );

  // Risk: a rule that holds calls back leaves somebody waiting while nothing is under way.
  test('whoever waits is served in the end, in the order of the line, and the bound holds', () => {
    const step = fc.record({
      act: fc.constantFrom('normal', 'urgent', 'answered', 'answered', 'refused', 'leave'),
      pick: fc.nat(1_000),
      ms: fc.constantFrom(0, 0, 5, 120),
    });
    const steps = fc.array(step, { maxLength: 200 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), steps, (max, given) => {
        const { limit, time } = create(max);
        const callers = new Callers(limit);
        for (const { act, pick, ms } of given) {
          time.now += ms;
          callers[act](pick);
          expect(limit.inFlight).toBe(callers.running.length);
          expect(limit.inFlight).toBeLessThanOrEqual(max + 2);
          expect(limit.waiting > 0 && limit.inFlight === 0).toBe(false);
        }
        while (callers.running.length > 0) callers.answered(0);
        expect(limit.waiting).toBe(0);
        expect(callers.lines).toEqual({ normal: [], urgent: [] });
      }),
    );
  });
});
