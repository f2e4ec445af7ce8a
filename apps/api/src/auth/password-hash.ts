/**
 * argon2id with OWASP's minimum (19 MiB, two passes, one lane): about 20 ms. Memory is the cost, so
 * the number of hashes at once is bounded for the whole process: otherwise signing in would be the
 * way to exhaust it. Above the bound callers wait, above the queue they are refused.
 */
import type { SecretText } from '@moorage/core';
import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { Problem } from '../http/problem.js';

const ARGON2ID = 2; // Algorithm.Argon2id, an ambient const enum
const OPTIONS = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const MAX_AT_ONCE = 4; // libuv's default thread pool; 76 MiB at most
const MAX_WAITING = 200; // about a second's worth of hashes on two cores

@Injectable()
export class PasswordHash {
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  #decoy: Promise<string> | undefined;

  hash(password: SecretText): Promise<string> {
    return this.#bounded(() => hash(password.reveal(), OPTIONS));
  }

  /** Takes the same time when there is nothing to compare with, so that nobody learns which names exist. */
  async matches(stored: string | null, password: SecretText): Promise<boolean> {
    this.#decoy ??= this.#bounded(() => hash('a password that nobody has', OPTIONS));
    const against = stored ?? (await this.#decoy);
    const same = await this.#bounded(() => verify(against, password.reveal()));
    return same && stored !== null;
  }

  async #bounded<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= MAX_AT_ONCE) {
      if (this.#waiting.length >= MAX_WAITING)
        throw new Problem('request.rate-limited', 'Too many sign-ins at once.', {
          members: { retryAfterSeconds: 2 },
        });
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#running += 1;
    }
    try {
      return await work();
    } finally {
      // The slot is handed on, not freed and taken again: nobody can slip in between.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
