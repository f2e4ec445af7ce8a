import type { EventTopic } from '@moorage/contract';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Actor } from '../auth/actor.js';
import { LOG, type Log } from '../config/log.js';
import { Problem } from '../http/problem.js';
import { ChangeFeed } from './change-feed.js';
import type { CommittedChange, OutboxPosition } from './committed-change.js';
import type { EventStream } from './event-stream.js';
import { maySee, type Sight } from './event-visibility.js';
import { OutboxRepository } from './outbox.repository.js';
import { SightOf } from './sight-of.js';

const HEARTBEAT_MS = 15_000; // the contract; below the 30 s after which proxies cut silence
/** Per user: some browser windows and a script. HTTP/1.1 browsers allow six per host. */
const MAX_STREAMS_PER_USER = 16;
/** More than this was missed: reading everything again is cheaper. */
const MAX_REPLAYED = 1_000;

interface OpenStream {
  readonly actor: Actor;
  readonly stream: EventStream;
  readonly topics: ReadonlySet<EventTopic> | null;
  sight: Sight;
}

/** The consoles' event streams: who hears what, for how long. */
@Injectable()
export class EventsService implements OnApplicationShutdown {
  readonly #open = new Set<OpenStream>();
  /** Streams per user, from before their first question to the database on. */
  readonly #taken = new Map<string, number>();
  /** Streams being looked at again, and whether once more is needed after it. */
  readonly #checking = new Map<OpenStream, boolean>();

  constructor(
    private readonly feed: ChangeFeed,
    private readonly repository: OutboxRepository,
    private readonly sightOf: SightOf,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onApplicationShutdown(): void {
    for (const { stream } of this.#open) stream.close();
  }

  /** Checks before anything is written; `run` then serves the stream until it is closed. */
  async prepare(actor: Actor): Promise<Sight> {
    this.#take(actor.userId);
    try {
      const sight = await this.sightOf.load(actor);
      if (sight === undefined) throw new Problem('session.required');
      return sight;
    } catch (error) {
      this.#giveBack(actor.userId);
      throw error;
    }
  }

  /** Sends what was missed, then what comes; returns how to end it. */
  async run(open: OpenStream, lastEventId: string | undefined): Promise<() => void> {
    this.#open.add(open);
    // Changes that come while the missed ones are read wait here.
    const waiting: CommittedChange[] = [];
    let live: ((change: CommittedChange) => void) | undefined;
    const unsubscribe = this.feed.onChange((change) =>
      live === undefined ? void waiting.push(change) : live(change),
    );
    const heartbeat = setInterval(() => void this.#recheck(open), HEARTBEAT_MS);
    const end = () => {
      clearInterval(heartbeat);
      unsubscribe();
      this.#open.delete(open);
      this.#giveBack(open.actor.userId);
    };
    try {
      const caughtUpTo = await this.#replay(open, lastEventId);
      // The feed may be behind what was just read: those changes are not sent again.
      const forward = (change: CommittedChange) => {
        if (isAfter(change.position, caughtUpTo)) this.#offer(open, change);
      };
      live = forward;
      waiting.forEach(forward);
    } catch (error) {
      this.log.warn({ err: error }, 'event stream could not start');
      open.stream.close();
    }
    return end;
  }

  #offer(open: OpenStream, change: CommittedChange): void {
    if ((open.topics === null || open.topics.has(change.topic)) && maySee(open.sight, change))
      open.stream.send(change);
    // Roles, users or keys changed: what may be seen is looked up again, starting with the next change.
    if (AFFECTS_SIGHT.has(change.topic)) void this.#recheck(open);
  }

  async #replay(open: OpenStream, lastEventId: string | undefined): Promise<OutboxPosition> {
    const newest = await this.repository.newest();
    if (lastEventId === undefined) {
      open.stream.mark(newest.id);
      return newest;
    }
    const from = await this.#positionOf(lastEventId);
    const missed =
      from === undefined ? undefined : (await this.repository.readAfter(from, MAX_REPLAYED)).rows;
    if (from === undefined || missed === undefined || missed.length === MAX_REPLAYED) {
      open.stream.reset();
      open.stream.mark(newest.id);
      return newest;
    }
    for (const change of missed) this.#offer(open, change);
    return missed.at(-1)?.position ?? from;
  }

  async #positionOf(lastEventId: string): Promise<OutboxPosition | undefined> {
    return /^\d{1,15}$/.test(lastEventId)
      ? this.repository.positionOf(Number(lastEventId))
      : undefined;
  }

  #take(userId: string): void {
    const taken = this.#taken.get(userId) ?? 0;
    if (taken >= MAX_STREAMS_PER_USER)
      throw new Problem('request.rate-limited', 'Too many event streams are open.', {
        members: { retryAfterSeconds: 15 },
      });
    this.#taken.set(userId, taken + 1);
  }

  #giveBack(userId: string): void {
    const left = (this.#taken.get(userId) ?? 1) - 1;
    if (left === 0) this.#taken.delete(userId);
    else this.#taken.set(userId, left);
  }

  /** Calls while it looks collapse into one more look: many changes at once cost two, not many. */
  async #recheck(open: OpenStream): Promise<void> {
    if (this.#checking.has(open)) {
      this.#checking.set(open, true);
      return;
    }
    do {
      this.#checking.set(open, false);
      await this.#look(open);
    } while (this.#checking.get(open) === true && this.#open.has(open));
    this.#checking.delete(open);
  }

  /** Ended session, revoked key, disabled user: the stream ends. Otherwise what may be seen is refreshed. */
  async #look(open: OpenStream): Promise<void> {
    try {
      const sight = await this.sightOf.load(open.actor);
      if (sight === undefined) return open.stream.close();
      open.sight = sight;
      open.stream.heartbeat();
    } catch {
      open.stream.close(); // cannot be checked now: the console comes back
    }
  }
}

const AFFECTS_SIGHT: ReadonlySet<EventTopic> = new Set([
  'members',
  'users',
  'api-keys',
  'environments',
]);

function isAfter(a: OutboxPosition, b: OutboxPosition): boolean {
  const [x, y] = [BigInt(a.xid), BigInt(b.xid)];
  return x > y || (x === y && a.id > b.id);
}
