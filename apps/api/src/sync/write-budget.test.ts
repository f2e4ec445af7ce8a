import { describe, expect, it } from 'vitest';
import { WriteBudget } from './write-budget.js';

const desired = {};

function budgetAt() {
  let now = 0;
  const budget = new WriteBudget(() => now);
  const at = (ms: number) => {
    now = ms;
  };
  return { budget, at };
}

describe('WriteBudget', () => {
  it('stops a namespace that is written without end, and no other one', () => {
    const { budget, at } = budgetAt();
    for (let round = 0; round < 40; round += 1)
      expect(budget.take('fought-over', desired)).toBeNull();
    at(4_000);
    expect(budget.take('fought-over', desired)).toBe(6_000);
    expect(budget.take('other', desired)).toBeNull();
  });

  it('goes on when the window is over', () => {
    const { budget, at } = budgetAt();
    for (let round = 0; round < 41; round += 1) budget.take('a', desired);
    at(10_000);
    expect(budget.take('a', desired)).toBeNull();
  });

  it('takes many changes of what is wanted for no fight, and one of them ends none', () => {
    const { budget } = budgetAt();
    for (let round = 0; round < 100; round += 1) expect(budget.take('rotated', {})).toBeNull();
    for (let round = 0; round < 40; round += 1) budget.take('fought-over', desired);
    const next = {};
    expect(budget.take('fought-over', next)).toBeNull();
    expect(budget.take('fought-over', next)).toBe(10_000);
  });
});
