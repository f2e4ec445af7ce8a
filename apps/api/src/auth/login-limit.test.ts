import { beforeEach, describe, expect, it } from 'vitest';
import { Problem } from '../http/problem.js';
import { LoginLimit } from './login-limit.js';

const WINDOW_MS = 15 * 60_000;
let limit: LoginLimit;
beforeEach(() => {
  limit = new LoginLimit();
});

function attempts(count: number, account: string, address: string, now = 0): number {
  let passed = 0;
  for (let n = 0; n < count; n += 1) {
    try {
      limit.attempt(account, address, now);
      passed += 1;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
    }
  }
  return passed;
}

describe('LoginLimit', () => {
  it('stops guessing at one account from one address, and says when to come back', () => {
    expect(attempts(50, 'admin', '192.0.2.1')).toBe(10);
    try {
      limit.attempt('admin', '192.0.2.1', 60_000);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({
        code: 'request.rate-limited',
        extra: { members: { retryAfterSeconds: 14 * 60 } },
      });
    }
  });

  it('still lets the account sign in from another address', () => {
    attempts(50, 'admin', '192.0.2.1');
    expect(attempts(1, 'admin', '192.0.2.2')).toBe(1);
  });

  it('stops one address that tries many accounts', () => {
    let passed = 0;
    for (let n = 0; n < 100; n += 1) passed += attempts(1, `user${n}`, '192.0.2.1');
    expect(passed).toBe(60);
  });

  it('stops many addresses that try one account', () => {
    let passed = 0;
    for (let n = 0; n < 300; n += 1) passed += attempts(1, 'admin', `192.0.2.${n}`);
    expect(passed).toBe(200);
  });

  // Refused attempts cost nothing; if each were remembered, they would push the counters out.
  it('is not forgotten under a flood of other names from the same address', () => {
    let passed = attempts(10, 'admin', '192.0.2.1');
    for (let n = 0; n < 25_000; n += 1) passed += attempts(1, `user${n}`, '192.0.2.1');
    expect(passed).toBe(60);
  });

  it('forgets failures after the window and after a success', () => {
    attempts(10, 'admin', '192.0.2.1');
    expect(attempts(1, 'admin', '192.0.2.1', WINDOW_MS)).toBe(1);
    limit.succeeded('admin', '192.0.2.1');
    expect(attempts(10, 'admin', '192.0.2.1', WINDOW_MS)).toBe(10);
  });

  it('does not count what succeeded against the address', () => {
    for (let n = 0; n < 500; n += 1) {
      limit.attempt('admin', '192.0.2.1', 0);
      limit.succeeded('admin', '192.0.2.1');
    }
    expect(attempts(1, 'other', '192.0.2.1')).toBe(1);
  });
});
