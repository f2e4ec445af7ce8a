/**
 * The right to write to one cluster. It is held by one replica at a time and ends by itself: before
 * every write the holder looks at its own monotonic clock, so a replica that was frozen notices
 * before it writes anything. The fence grows with each holder; what is written to the database
 * carries it, so that rows of a former holder do not land either.
 */
export const LEASE_MS = 15_000;
/** Renewed three times within its life, so that one slow database answer loses nothing. */
export const LEASE_RENEW_MS = 5_000;
/** A write that was begun in time may take this much longer; another holder starts later than that. */
const MARGIN_MS = 3_000;

export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

export class Lease {
  #deadline = 0;
  #released = false;

  constructor(
    readonly clusterId: string,
    readonly holder: string,
    readonly fence: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** `askedAt` is when the statement was sent: the lease ran from some moment after it. */
  renewed(askedAt: number): void {
    this.#deadline = askedAt + LEASE_MS - MARGIN_MS;
  }

  release(): void {
    this.#released = true;
  }

  get isReleased(): boolean {
    return this.#released;
  }

  get isHeld(): boolean {
    return !this.#released && this.now() < this.#deadline;
  }

  /** Throws `LeaseLost` unless writing is still allowed. */
  assertHeld(): void {
    if (!this.isHeld) throw new LeaseLost(`lease of cluster ${this.clusterId} is not held`);
  }
}
