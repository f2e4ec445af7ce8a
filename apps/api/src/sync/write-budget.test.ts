import { describe, expect, it } from 'vitest';
import { WriteBudget } from './write-budget.js';

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
    for (let round = 0; round < 40; round += 1) expect(budget.take('fought-over')).toBeNull();
    at(4_000);
    expect(budget.take('fought-over')).toBe(6_000);
    expect(budget.take('other')).toBeNull();
  });

  it('goes on when the window is over', () => {
    const { budget, at } = budgetAt();
    for (let round = 0; round < 41; round += 1) budget.take('a');
    at(10_000);
    expect(budget.take('a')).toBeNull();
  });
});
