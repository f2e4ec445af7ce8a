/**
 * Slows down guessing: failed sign-ins per account and address, per address and per account within
 * a window. Kept in this process: with several replicas an attacker gets that many times the tries.
 * An attempt counts as failed until it succeeds, so parallel guesses do not slip through.
 */
import { Injectable } from '@nestjs/common';
import { Problem } from '../http/problem.js';

const WINDOW_MS = 15 * 60_000;
// OWASP: a handful per account and source. An account's own bound is wide, or anybody could lock it.
const LIMITS = { pair: 10, address: 60, account: 200 } as const;
const MAX_ENTRIES = 20_000; // a few MB; the oldest go first

interface Counter {
  count: number;
  readonly until: number;
}

@Injectable()
export class LoginLimit {
  readonly #counters = new Map<string, Counter>();

  /** Counts an attempt or refuses it; call `succeeded` when it was right. */
  attempt(account: string, address: string, now: number = Date.now()): void {
    // Only looks: a refused attempt that left a counter could push the older ones out.
    for (const [key, limit] of keysOf(account, address)) {
      const counter = this.#find(key, now);
      if (counter !== undefined && counter.count >= limit) {
        const retryAfterSeconds = Math.ceil((counter.until - now) / 1000);
        throw new Problem('request.rate-limited', 'Too many failed sign-ins. Wait and try again.', {
          members: { retryAfterSeconds },
        });
      }
    }
    for (const [key] of keysOf(account, address)) {
      const counter = this.#find(key, now) ?? this.#begin(key, now);
      counter.count += 1;
    }
  }

  succeeded(account: string, address: string): void {
    for (const [key, , resets] of keysOf(account, address)) {
      const counter = this.#counters.get(key);
      if (counter === undefined) continue;
      if (resets) this.#counters.delete(key);
      else counter.count -= 1;
    }
  }

  #find(key: string, now: number): Counter | undefined {
    const found = this.#counters.get(key);
    return found !== undefined && found.until > now ? found : undefined;
  }

  #begin(key: string, now: number): Counter {
    const fresh = { count: 0, until: now + WINDOW_MS };
    this.#counters.delete(key);
    this.#counters.set(key, fresh);
    if (this.#counters.size > MAX_ENTRIES) {
      const oldest = this.#counters.keys().next().value;
      if (oldest !== undefined) this.#counters.delete(oldest);
    }
    return fresh;
  }
}

function keysOf(
  account: string,
  address: string,
): readonly (readonly [key: string, limit: number, resets: boolean])[] {
  return [
    [`pair ${account} ${address}`, LIMITS.pair, true],
    [`address ${address}`, LIMITS.address, false],
    [`account ${account}`, LIMITS.account, false],
  ];
}
