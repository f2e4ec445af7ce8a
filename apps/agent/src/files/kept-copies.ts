/**
 * Copies of contents that are about to be replaced: others' work, for people to find (`backups/`,
 * named by time and place), and the last files that the node started well with, for the way back
 * (`good/`, named by digest).
 */
import { agentStateDirectory } from '@moorage/core';
import { digestOf } from './digest.js';
import type { NodeDisk } from './node-disk.js';

const backups = `${agentStateDirectory}/backups`;
const good = `${agentStateDirectory}/good`;

/** Enough to find the last good day; bounded, because a hand may edit for ever. See `forgetOld`. */
export const backupsKept = 20;

export class KeptCopies {
  constructor(private readonly disk: NodeDisk) {}

  /** Answers where the copy is. */
  async backUp(path: string, content: Buffer, now: number): Promise<string> {
    const time = new Date(now).toISOString().replaceAll(':', '-');
    const name = `${time}-${path.slice(1).replaceAll('/', '_')}`.slice(0, 250);
    const place = `${backups}/${name}`;
    await this.disk.write(place, 0o600, content);
    return place;
  }

  /** The oldest backups go when there are too many, but none of those that are still told of. */
  async forgetOld(told: ReadonlySet<string>): Promise<void> {
    const places = (await this.disk.list(backups))
      .filter((name) => !name.startsWith('.'))
      .toSorted()
      .map((name) => `${backups}/${name}`);
    for (const place of places.slice(0, -backupsKept)) {
      if (!told.has(place)) await this.disk.remove(place);
    }
  }

  async keepGood(content: Buffer): Promise<void> {
    const place = `${good}/${digestOf(content)}`;
    if ((await this.disk.read(place)) === null) await this.disk.write(place, 0o600, content);
  }

  async readGood(digest: string): Promise<Buffer | null> {
    const file = await this.disk.read(`${good}/${digest}`);
    return file !== null && digestOf(file.content) === digest ? file.content : null;
  }

  /** Nothing is known to be good any more, or all of it is in place. */
  async forgetGood(): Promise<void> {
    for (const name of await this.disk.list(good)) await this.disk.remove(`${good}/${name}`);
  }

  async removeLeftovers(): Promise<void> {
    for (const directory of [agentStateDirectory, backups, good]) {
      await this.disk.removeLeftovers(directory);
    }
  }
}
