/**
 * Reads the outbox in commit order and hands every change to its listeners, in this process.
 *
 * Ids are handed out before commits, so "id greater than the last" would skip rows of slower
 * transactions. A row is taken once its transaction is older than every running one
 * (`xid < pg_snapshot_xmin(pg_current_snapshot())`), in order of (xid, id): that order never
 * changes afterwards. Woken by NOTIFY, and by a slow poll for what a broken connection missed or a
 * long transaction held back.
 */
import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { LOG, type Log } from '../config/log.js';
import { Notifications } from '../database/notifications.js';
import type { CommittedChange, OutboxPosition } from './committed-change.js';
import { OutboxRepository } from './outbox.repository.js';

export type ChangeListener = (change: CommittedChange) => void;

const BATCH = 500;
/** Only a safety net: NOTIFY wakes at once. */
const POLL_MS = 5_000;
/** A row that an older, still running transaction holds back is looked for again this soon. */
const HELD_BACK_MS = 20;
const PRUNE_EVERY_MS = 10 * 60_000;

@Injectable()
export class ChangeFeed implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #listeners = new Set<ChangeListener>();
  #position: OutboxPosition | undefined;
  #timer: NodeJS.Timeout | undefined;
  #pruneTimer: NodeJS.Timeout | undefined;
  #reading: Promise<void> | undefined;
  #again = false;
  #stopped = false;

  constructor(
    private readonly repository: OutboxRepository,
    private readonly notifications: Notifications,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Calls `listener` for every change from now on; returns how to stop it. It must not throw. */
  onChange(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.repository.dropForeignRows();
    this.#position = await this.repository.newest();
    this.notifications.listen('moorage_outbox', () => this.wake());
    this.#pruneTimer = setInterval(() => this.#prune(), PRUNE_EVERY_MS);
    this.wake();
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    clearInterval(this.#pruneTimer);
    await this.#reading;
  }

  /** Looks for new rows now. Calls while it is looking collapse into one more look. */
  wake(): void {
    if (this.#stopped) return;
    this.#again = true;
    this.#reading ??= this.#readAll().finally(() => {
      this.#reading = undefined;
      if (this.#again) this.wake();
    });
  }

  async #readAll(): Promise<void> {
    clearTimeout(this.#timer);
    let waitMs = POLL_MS;
    while (this.#again && !this.#stopped) {
      this.#again = false;
      try {
        const { rows, heldBack } = await this.repository.readAfter(this.#position, BATCH);
        for (const change of rows) this.#deliver(change);
        if (rows.length === BATCH) this.#again = true;
        waitMs = heldBack ? HELD_BACK_MS : POLL_MS;
      } catch (error) {
        // The database is gone: the poll finds what was missed when it is back.
        this.log.warn({ err: error }, 'changes could not be read');
      }
    }
    if (!this.#stopped) this.#timer = setTimeout(() => this.wake(), waitMs);
  }

  #deliver(change: CommittedChange): void {
    this.#position = change.position;
    for (const listener of this.#listeners) {
      try {
        listener(change);
      } catch (error) {
        this.log.error({ err: error }, 'a listener of changes failed');
      }
    }
  }

  #prune(): void {
    this.repository
      .deleteOld()
      .catch((error: unknown) => this.log.warn({ err: error }, 'old changes not deleted'));
  }
}
