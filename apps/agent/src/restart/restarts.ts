/**
 * Restarts what reads the logins, when it is this node's turn, and sees to it that the node comes
 * back: with the new config or, when it does not, with the one before. A node that did not take the
 * new config stops the series for all (see `restart-turn.ts` in core).
 *
 * Works without the API server once it has begun: a single server is gone while it restarts.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type AgentState, decideTurn, type RestartLease, type RestartStop } from '@moorage/core';
import type { RestartLeaseFile } from '../cluster/restart-lease.js';
import type { NodeFiles } from '../files/node-files.js';
import type { StateFile } from '../files/state-file.js';
import type { Log } from '../log.js';
import type { Health } from './health.js';
import { runCommand } from './run-command.js';

export interface RestartsParts {
  readonly node: string;
  readonly command: readonly string[];
  readonly timeLimitMs: number;
  /** Between two looks at the node's health; two good ones in a row count. */
  readonly pauseMs: number;
  readonly lease: Pick<RestartLeaseFile, 'read' | 'write'>;
  readonly health: Pick<Health, 'findFault'>;
  readonly files: NodeFiles;
  readonly state: StateFile;
  readonly log: Log;
  /** Digest of what the reader reads at a start, as the file is now. */
  readonly readAtStart: () => Promise<string>;
  readonly signOfLife: () => void;
  readonly now: () => number;
}

export type RestartOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'waiting'; readonly holder: string }
  | { readonly kind: 'stopped'; readonly stop: RestartStop };

type Restarting = NonNullable<AgentState['restarting']>;

/** A restart that is begun again so often is not going to work. */
const attemptsMax = 3;

export class Restarts {
  /** Whether the lease may be ours: true at first, because the process before may have had it. */
  #mayHold = true;

  constructor(private readonly parts: RestartsParts) {}

  /** For a config whose logins have not been read yet; `onTurn` comes before anything is restarted. */
  async restartFor(
    hash: string,
    signal: AbortSignal,
    onTurn: () => Promise<void>,
  ): Promise<RestartOutcome> {
    const { lease, node, now, state } = this.parts;
    const read = await lease.read();
    const turn = decideTurn({ node, hash, lease: read, now: now() });
    if (turn.action === 'wait') return { kind: 'waiting', holder: turn.holder };
    if (turn.action === 'stopped') return { kind: 'stopped', stop: turn.stop };
    if (turn.action === 'record-stop') {
      await lease.write({ ...this.#lease(null), stop: turn.stop }, read);
      return { kind: 'stopped', stop: turn.stop };
    }
    this.#mayHold = true;
    // The stop of before stays on it until this attempt has succeeded.
    const isOurs = await lease.write({ ...this.#lease(node), stop: read?.stop ?? null }, read);
    if (!isOurs) return { kind: 'waiting', holder: 'another' };
    await state.update({ restarting: { hash, phase: 'forward', attempts: 0, fault: '' } });
    await onTurn();
    await this.finish(signal);
    return { kind: 'done' };
  }

  /** Takes up a restart that was begun, by this process or the one before. */
  async finish(signal: AbortSignal): Promise<void> {
    const { state, files } = this.parts;
    const { restarting } = state.current;
    if (restarting === null) return;
    // Also when the process before began with it: doing it twice changes nothing.
    if (restarting.phase === 'back') await files.goBack();
    const fault = await this.#tryPhase(signal);
    if (signal.aborted) return;
    if (restarting.phase === 'back') await this.#giveUp(restarting, fault);
    else if (fault === null) await this.#succeeded();
    else await this.#goBack(restarting.hash, fault, signal);
  }

  async #goBack(hash: string, fault: string, signal: AbortSignal): Promise<void> {
    const { state, log } = this.parts;
    log.warn('the node is not back; going back to the config before', { hash, fault });
    await state.update({ restarting: { hash, phase: 'back', attempts: 0, fault } });
    await this.finish(signal);
  }

  async #giveUp({ hash, fault }: Restarting, still: string | null): Promise<void> {
    const { state, files, log, readAtStart } = this.parts;
    const code = still === null ? 'restart.rolled-back' : 'restart.node-not-back';
    log.warn('the config was given up on this node', { hash, code });
    await state.update({
      restarting: null,
      rejected: { hash, code, fault: still ?? fault },
      loaded: await readAtStart(),
    });
    await files.forgetGood();
    await this.settle();
  }

  /**
   * Gives the lease up when it is still ours and nothing is under way, with a stop on it if this
   * node gave a config up. Also tells whether a person has lifted that stop.
   */
  async settle(): Promise<void> {
    const { lease, node, state, now } = this.parts;
    const { restarting, rejected } = state.current;
    if (restarting !== null || (!this.#mayHold && rejected === null)) return;
    const read = await lease.read();
    if (read?.holder === node) {
      const at = new Date(now()).toISOString();
      const stop = rejected && { node, hash: rejected.hash, code: rejected.code, at };
      if (await lease.write({ ...this.#lease(null), stop }, read)) this.#mayHold = false;
      return;
    }
    this.#mayHold = false;
    if (rejected !== null && read?.stop?.node !== node) await state.update({ rejected: null });
  }

  /** Another config than the one that was given up is in effect here: nothing stands in the way. */
  async lift(): Promise<void> {
    const { lease, node, state } = this.parts;
    const read = await lease.read();
    if (read?.stop?.node === node && !(await lease.write(this.#lease(null), read))) return;
    await state.update({ rejected: null });
  }

  async #succeeded(): Promise<void> {
    const { state, files, readAtStart, log } = this.parts;
    log.info('the node is back', { hash: state.current.appliedHash });
    await state.update({ restarting: null, rejected: null, loaded: await readAtStart() });
    await files.forgetGood();
    await this.settle();
  }

  /**
   * What was not well at the end; null when the node is back. Counted before it begins: a restart that
   * takes this process along is not begun for ever.
   */
  async #tryPhase(signal: AbortSignal): Promise<string | null> {
    const { state, log, command, timeLimitMs, pauseMs, signOfLife, now } = this.parts;
    const { restarting } = state.current;
    if (restarting === null) return null;
    if (restarting.attempts >= attemptsMax) return 'each restart ended the agent, too';
    const attempts = restarting.attempts + 1;
    const { hash, phase } = restarting;
    await state.update({ restarting: { ...restarting, attempts } });
    log.info('restarting', { hash, phase, attempt: attempts });
    const since = now();
    // It may take longer than the kubelet waits for a sign of life.
    const alive = setInterval(signOfLife, pauseMs);
    const running = runCommand(command, { timeoutMs: timeLimitMs, signal });
    const outcome = await running.finally(() => clearInterval(alive));
    // Nothing has read the new config then, however well the node is. On the way back that is enough.
    if (!outcome.ok && phase === 'forward') return `restart command: ${outcome.how}`;
    return await this.#waitUntilBack(since, signal);
  }

  async #waitUntilBack(since: number, signal: AbortSignal): Promise<string | null> {
    const { timeLimitMs, pauseMs, health, now, signOfLife } = this.parts;
    const deadline = now() + timeLimitMs;
    let good = 0;
    let fault: string | null = null;
    do {
      signOfLife();
      fault = await health.findFault(since, signal);
      good = fault === null ? good + 1 : 0;
      if (good >= 2) return null;
      await this.#renew();
      await delay(pauseMs, undefined, { signal }).catch(() => undefined);
    } while (now() < deadline && !signal.aborted);
    return fault ?? 'well only at the last moment';
  }

  /** As far as the API server can be reached; silence is counted by the others. */
  async #renew(): Promise<void> {
    const { lease, node } = this.parts;
    const read = await lease.read().catch(() => null);
    if (read?.holder !== node) return;
    await lease.write({ ...this.#lease(node), stop: read.stop }, read).catch(() => false);
  }

  #lease(holder: string | null): RestartLease {
    const { now, timeLimitMs } = this.parts;
    return {
      holder,
      renewedAt: holder === null ? null : new Date(now()).toISOString(),
      // Forward and back, each a command and a wait, with the API server away all the while.
      durationSeconds: Math.ceil((4 * timeLimitMs) / 1000) + 60,
      stop: null,
    };
  }
}
