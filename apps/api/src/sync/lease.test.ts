import { describe, expect, it } from 'vitest';
import { LEASE_MS, LEASE_RENEW_MS, Lease, LeaseLost } from './lease.js';

function leaseAt(start: number) {
  let now = start;
  const lease = new Lease('cluster', 'me', 1, () => now);
  const at = (ms: number) => {
    now = ms;
  };
  return { lease, at };
}

describe('Lease', () => {
  it('is not held before it was renewed once', () => {
    expect(leaseAt(0).lease.isHeld).toBe(false);
  });

  it('ends before the database gives it to somebody else', () => {
    const { lease, at } = leaseAt(1_000);
    lease.renewed(1_000);
    expect(lease.isHeld).toBe(true);
    at(1_000 + LEASE_MS - 1);
    expect(lease.isHeld).toBe(false);
    expect(() => lease.assertHeld()).toThrow(LeaseLost);
  });

  it('outlives two renewals that fail', () => {
    const { lease, at } = leaseAt(0);
    lease.renewed(0);
    at(2 * LEASE_RENEW_MS + 1_000);
    expect(lease.isHeld).toBe(true);
  });

  it('counts from when the renewal was asked for, so a slow answer does not prolong it', () => {
    const { lease, at } = leaseAt(0);
    at(14_000);
    lease.renewed(0);
    expect(lease.isHeld).toBe(false);
  });

  it('is never held again after it was released', () => {
    const { lease } = leaseAt(0);
    lease.renewed(0);
    lease.release();
    lease.renewed(0);
    expect(lease.isHeld).toBe(false);
  });
});
