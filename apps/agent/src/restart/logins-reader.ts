/**
 * What the node's K3s, RKE2 or containerd has read of the logins, compared with what is in the file:
 * known from restarts of ours and, for all others, from the time of its last start.
 */
import { dirname } from 'node:path';
import { type AgentDistribution, nodePathsOf, readAtStart } from '@moorage/core';
import { digestOf } from '../files/digest.js';
import type { NodeDisk } from '../files/node-disk.js';
import type { StateFile } from '../files/state-file.js';
import type { ServiceStart } from './service-start.js';

/** It started before the file was last changed, by somebody else: what it read is not known. */
const unknown = 'unknown';

export class LoginsReader {
  readonly #path: string;

  constructor(
    private readonly distribution: AgentDistribution,
    private readonly disk: NodeDisk,
    private readonly state: StateFile,
    private readonly start: ServiceStart,
  ) {
    this.#path = nodePathsOf(distribution).loginsFile;
  }

  /** Of what it would read now. */
  async digest(): Promise<string> {
    const file = await this.disk.read(this.#path);
    return digestOf(readAtStart(this.distribution, file?.content.toString('utf8') ?? null));
  }

  /**
   * Before anything is written. A start after the last change has read the file as it is; for a file
   * that is not there, the change of its folder counts. Without an earlier look, what is there is
   * taken to be in use, unless it is known to be newer than the last start.
   */
  async noteStart(): Promise<void> {
    const { loaded } = this.state.current;
    const startedAt = await this.start.lastKnown();
    const changedAt = await this.#changedAt();
    const isKnown = startedAt !== null && changedAt !== null;
    if (isKnown && startedAt > changedAt) await this.#note(await this.digest());
    else if (loaded === null) await this.#note(isKnown ? unknown : await this.digest());
  }

  async #changedAt(): Promise<number | null> {
    const file = await this.disk.read(this.#path);
    return file?.modifiedAt ?? (await this.disk.modifiedAt(dirname(this.#path)));
  }

  async #note(loaded: string): Promise<void> {
    if (loaded !== this.state.current.loaded) await this.state.update({ loaded });
  }
}
