/**
 * One connection that LISTENs, outside the pool. When it breaks it is opened again, and every
 * listener is called once: something may have been announced in between.
 */
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { LOG, type Log } from '../config/log.js';
import { DATABASE_OPTIONS, type DatabaseOptions } from './database.js';

const RECONNECT_MS = 1_000; // a restarting Postgres answers after about a second
const CHANNEL = /^[a-z_]+$/;

@Injectable()
export class Notifications implements OnApplicationShutdown {
  readonly #listeners = new Map<string, Set<() => void>>();
  #client: pg.Client | undefined;
  #connecting = false;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(
    @Inject(DATABASE_OPTIONS) private readonly options: DatabaseOptions,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Calls `listener` when something was announced on `channel`, or may have been. */
  listen(channel: string, listener: () => void): void {
    if (!CHANNEL.test(channel)) throw new Error('A channel is a plain name of ours');
    const listeners = this.#listeners.get(channel) ?? new Set();
    this.#listeners.set(channel, listeners.add(listener));
    if (this.#client === undefined) void this.#connect();
    else this.#client.query(`listen ${channel}`).catch(() => undefined); // a broken connection starts over by itself
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#client?.end().catch(() => undefined);
  }

  async #connect(): Promise<void> {
    if (this.#stopped || this.#connecting) return;
    this.#connecting = true;
    const client = new pg.Client({
      connectionString: this.options.connectionString,
      application_name: 'moorage-listen',
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
    });
    const lost = () => {
      if (this.#client !== client && this.#client !== undefined) return;
      this.#client = undefined;
      this.#reconnectLater();
    };
    client.on('error', lost);
    client.on('end', lost);
    client.on('notification', ({ channel }) => this.#call(channel));
    try {
      await client.connect();
      for (const channel of this.#listeners.keys()) await client.query(`listen ${channel}`);
      this.#client = client;
      for (const channel of this.#listeners.keys()) this.#call(channel);
    } catch (error) {
      this.log.debug({ err: error }, 'notifications: not connected');
      await client.end().catch(() => undefined);
      this.#reconnectLater();
    } finally {
      this.#connecting = false;
      if (this.#stopped) await client.end().catch(() => undefined);
    }
  }

  #reconnectLater(): void {
    clearTimeout(this.#timer);
    if (!this.#stopped) this.#timer = setTimeout(() => void this.#connect(), RECONNECT_MS);
  }

  #call(channel: string): void {
    for (const listener of this.#listeners.get(channel) ?? []) listener();
  }
}
