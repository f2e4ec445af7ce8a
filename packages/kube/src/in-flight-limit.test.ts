import { describe, expect, test } from 'vitest';
import { InFlightLimit, type Slot, type SlotOutcome } from './in-flight-limit.js';

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
});
