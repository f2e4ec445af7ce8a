/**
 * The hash chain over the audit entries: hash(n) = SHA-256(hash(n−1) ‖ canonical JSON of entry n),
 * keyed by nothing, so that anybody with the rows can check it. One writer at a time (advisory
 * lock) chains what is committed; appending an entry never waits for it.
 *
 * Detects: an entry changed, removed or slipped in between. Does not detect: the newest entries and
 * their links removed together; compare the newest hash with one noted elsewhere for that.
 */
import { createHash } from 'node:crypto';
import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { LOG, type Log } from '../config/log.js';
import { Database } from '../database/database.js';
import {
  AuditChainRepository,
  type ChainedEntry,
  type ChainLink,
} from './audit-chain.repository.js';

const BATCH = 1_000;
/** The chain may lag: it protects history, not the last second. */
const EVERY_MS = 5_000;
const START_HASH: Buffer = Buffer.alloc(32);

export interface ChainVerdict {
  readonly ok: boolean;
  readonly checked: number;
  /** id of the first entry that does not fit or is in no link, or of a link whose entry is gone */
  readonly firstBadEntryId: number | null;
}

@Injectable()
export class AuditChain implements OnApplicationBootstrap, OnApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly repository: AuditChainRepository,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => {
      this.#writing = this.extend().catch((error: unknown) =>
        this.log.warn({ err: error }, 'audit chain not extended'),
      );
    }, EVERY_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.#writing;
  }

  /** Chains what is not chained yet; returns how many entries. Does nothing while another writer works. */
  async extend(): Promise<number> {
    let total = 0;
    for (;;) {
      const count = await this.database.transaction(async (tx) => {
        if (!(await this.repository.tryLock(tx))) return 0;
        const last = await this.repository.lastLink(tx);
        const entries = await this.repository.unchained(tx, BATCH);
        await this.repository.append(tx, chainEntries(last, entries));
        return entries.length;
      });
      total += count;
      if (count < BATCH) return total;
    }
  }

  /** Recomputes the whole chain. */
  async verify(): Promise<ChainVerdict> {
    let previous: Buffer = START_HASH;
    let position = 0;
    for (;;) {
      const links = await this.repository.linksAfter(position, BATCH);
      for (const link of links) {
        if (link.position !== position + 1 || link.entry === null)
          return { ok: false, checked: position, firstBadEntryId: link.entryId };
        previous = hashEntry(previous, link.entry);
        if (!previous.equals(link.hash))
          return { ok: false, checked: position, firstBadEntryId: link.entryId };
        position = link.position;
      }
      if (links.length === BATCH) continue;
      const leftOut = (await this.repository.findLeftOut()) ?? null;
      return { ok: leftOut === null, checked: position, firstBadEntryId: leftOut };
    }
  }
}

function chainEntries(
  last: { position: number; hash: Buffer } | undefined,
  entries: readonly ChainedEntry[],
): ChainLink[] {
  let { position, hash } = last ?? { position: 0, hash: START_HASH };
  return entries.map((entry) => {
    position += 1;
    hash = hashEntry(hash, entry);
    return { position, entryId: entry.id, hash };
  });
}

function hashEntry(previous: Buffer, entry: ChainedEntry): Buffer {
  return createHash('sha256').update(previous).update(entry.canonical).digest();
}
