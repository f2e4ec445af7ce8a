/**
 * When the reader of the logins last started, as far as the node tells without a question to it: the
 * file that K3s and RKE2 write anew at each start, and the boot of the machine.
 *
 * Source: proc(5), `/proc/stat`, `btime` (the host's, also inside a container).
 */
import { readFile } from 'node:fs/promises';
import type { NodeDisk } from '../files/node-disk.js';

export class ServiceStart {
  constructor(
    private readonly disk: NodeDisk,
    /** Null where nothing is written at a start. */
    private readonly marker: string | null,
    private readonly procStat = '/proc/stat',
  ) {}

  /** Milliseconds; null when nothing tells. */
  async lastKnown(): Promise<number | null> {
    const written = this.marker === null ? null : await this.disk.modifiedAt(this.marker);
    const booted = await this.#bootedAt();
    const known = [written, booted].filter((time) => time !== null);
    return known.length === 0 ? null : Math.max(...known);
  }

  async #bootedAt(): Promise<number | null> {
    const text = await readFile(this.procStat, 'utf8').catch(() => '');
    const seconds = /^btime (\d+)$/m.exec(text)?.[1];
    return seconds === undefined ? null : Number(seconds) * 1000;
  }
}
