/**
 * The agent of one node. Whatever happens only says "look": the files are compared with the newest
 * config, changed where they must be, restarts are asked for where logins changed, and the report is
 * written. Looking twice changes nothing.
 */
import { setTimeout as delay } from 'node:timers/promises';
import {
  type AgentDistribution,
  type AgentState,
  type FileDrift,
  findRestartNeed,
  type NodeState,
  type RestartNeed,
} from '@moorage/core';
import { AgentProblem } from './agent-problem.js';
import type { ConfigWatch } from './cluster/config-watch.js';
import type { NodeFacts, NodeIdentity } from './cluster/node-facts.js';
import type { ReportWriter } from './cluster/report-writer.js';
import type { DesiredConfig } from './desired-config.js';
import type { NodeFiles } from './files/node-files.js';
import type { StateFile } from './files/state-file.js';
import type { Log } from './log.js';
import type { LoginsReader } from './restart/logins-reader.js';
import type { Restarts } from './restart/restarts.js';

export interface AgentParts {
  readonly node: string;
  readonly distribution: AgentDistribution;
  readonly version: string;
  readonly intervalMs: number;
  readonly watch: Pick<ConfigWatch, 'current'>;
  readonly facts: Pick<NodeFacts, 'readIdentity'>;
  readonly report: Pick<ReportWriter, 'write' | 'readWish' | 'wish'>;
  readonly files: NodeFiles;
  readonly state: StateFile;
  readonly reader: LoginsReader;
  /** Null where the agent may not restart anything. */
  readonly restarts: Restarts | null;
  readonly log: Log;
  readonly signOfLife: () => void;
  readonly now: () => number;
}

/** Versions change with an upgrade of the node, which restarts the agent or is seen soon after. */
const identityMs = 5 * 60_000;

type Problem = { readonly code: string; readonly detail: string };

interface Seen {
  readonly drift: readonly FileDrift[];
  readonly problem: Problem | null;
  readonly need: RestartNeed;
}

export class Agent {
  #identity: NodeIdentity | null = null;
  #wake: () => void = () => undefined;
  #isAwake = false;
  #isWaiting = false;
  #identityAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly parts: AgentParts) {}

  /** Something may have changed: look as soon as the look under way has ended. */
  wake(): void {
    this.#isAwake = true;
    this.#wake();
  }

  async run(signal: AbortSignal): Promise<void> {
    const { state, signOfLife } = this.parts;
    await state.load();
    await this.#prepare();
    await this.#finishRestart(signal);
    while (!signal.aborted) {
      this.#isAwake = false;
      signOfLife();
      await this.#look(signal);
      signOfLife();
      if (!this.#isAwake && !signal.aborted) await this.#pause(signal);
    }
  }

  /** What stands in the way here stands in the way of the first look, too, which reports it. */
  async #prepare(): Promise<void> {
    try {
      await this.parts.files.prepare();
    } catch (error) {
      this.parts.log.warn('leftovers could not be removed', { ...problemOf(error) });
    }
  }

  /** Before the API server has been heard: it may be away because of what was restarted. */
  async #finishRestart(signal: AbortSignal): Promise<void> {
    try {
      await this.parts.restarts?.finish(signal);
    } catch (error) {
      this.parts.log.warn('a restart of before is not settled yet', { ...problemOf(error) });
    }
  }

  async #pause(signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    // Nodes that started together need not look together. Whoever waits for a turn looks more often:
    // the turns of a hundred nodes would otherwise be an hour of waiting.
    const interval = this.#isWaiting ? this.parts.intervalMs / 3 : this.parts.intervalMs;
    const ms = interval * (0.9 + Math.random() / 5);
    const ends = AbortSignal.any([signal, woken.signal]);
    await delay(ms, undefined, { signal: ends }).catch(() => undefined);
  }

  async #look(signal: AbortSignal): Promise<void> {
    const config = this.parts.watch.current;
    if (config === null) return;
    try {
      await this.#tell(config, await this.#bring(config, signal));
    } catch (error) {
      await this.#tellProblem(config, problemOf(error));
    }
  }

  async #tellProblem(config: DesiredConfig, problem: Problem): Promise<void> {
    const { log } = this.parts;
    log.warn('the look ended early', { ...problem });
    try {
      await this.#tell(config, { drift: [], problem, need: 'none' });
    } catch (error) {
      log.warn('the report could not be written', { ...problemOf(error) });
    }
  }

  async #bring(config: DesiredConfig, signal: AbortSignal): Promise<Seen> {
    const { files, state, reader, restarts, report } = this.parts;
    this.#isWaiting = false;
    await reader.noteStart();
    await restarts?.settle();
    const { rejected } = state.current;
    if (rejected !== null && rejected.hash === nameOf(config)) {
      const drift = await files.drift();
      return { drift, problem: rejectedProblem(rejected), need: await this.#need() };
    }
    const options = { writeOver: report.wish, keepGood: restarts !== null };
    const { refusal, drift } = await files.apply(config, options);
    const need = await this.#need();
    if (refusal !== null) return { drift, problem: refusal, need };
    if (isInEffect(need)) {
      await files.forgetGood();
      if (rejected !== null) await restarts?.lift();
      return { drift, problem: null, need };
    }
    const problem = restarts === null ? null : await this.#restart(config, restarts, drift, signal);
    return { drift, problem, need: await this.#need() };
  }

  /** Answers why it has not been done. */
  async #restart(
    config: DesiredConfig,
    restarts: Restarts,
    drift: readonly FileDrift[],
    signal: AbortSignal,
  ): Promise<Problem | null> {
    const outcome = await restarts.restartFor(nameOf(config), signal, async () => {
      // The last word before the API server may be gone.
      const seen = { drift, problem: null, need: await this.#need() };
      await this.#tell(config, seen).catch(() => undefined);
    });
    this.#isWaiting = outcome.kind === 'waiting';
    if (outcome.kind === 'stopped') {
      const { node, code, at } = outcome.stop;
      return {
        code: 'restart.stopped',
        detail: `Restarts have stopped: node ${node} did not take its config (${code}, ${at}). Mend it, then: kubectl -n moorage-system delete lease moorage-agent-restart`,
      };
    }
    const { rejected } = this.parts.state.current;
    return rejected === null ? null : rejectedProblem(rejected);
  }

  async #need(): Promise<RestartNeed> {
    const { distribution, reader, state } = this.parts;
    const { loaded, left, appliedHash } = state.current;
    const need = findRestartNeed({ distribution, loaded, present: await reader.digest() });
    const isUntouched = appliedHash === null && Object.keys(left).length === 0;
    return need === 'live' && isUntouched ? 'none' : need;
  }

  async #tell(config: DesiredConfig, { drift, problem, need }: Seen): Promise<void> {
    const { node, distribution, version, report, state } = this.parts;
    const { appliedHash, replaced, restarting } = state.current;
    const identity = await this.#identify();
    if (drift.length > 0) {
      await report.readWish();
      if (report.wish !== null && report.wish !== state.current.writtenOver) this.wake();
    }
    await report.write(
      {
        version: 1,
        node,
        distribution,
        versions: {
          distribution: identity?.distributionVersion ?? null,
          runtime: identity?.runtimeVersion ?? null,
          agent: version,
        },
        desiredHash: config.hash,
        appliedHash,
        state: stateOf({
          problem,
          drift,
          need,
          isApplied: appliedHash === config.hash,
          isRestarting: restarting !== null,
        }),
        restart: need,
        drift: [...drift],
        replaced: [...replaced],
        omitted: 0,
        lastError: problem && { code: problem.code, detail: problem.detail },
      },
      { labels: config.labels, nodeUid: identity?.uid ?? null },
    );
  }

  async #identify(): Promise<NodeIdentity | null> {
    const { facts, now } = this.parts;
    if (now() - this.#identityAt < identityMs) return this.#identity;
    this.#identity = await facts.readIdentity().catch(() => this.#identity);
    if (this.#identity !== null) this.#identityAt = now();
    return this.#identity;
  }
}

/** What restarts are told to be for: `none` where all logins were taken away. */
function nameOf({ hash }: DesiredConfig): string {
  return hash ?? 'none';
}

export interface StateQuestion {
  readonly problem: Problem | null;
  readonly drift: readonly FileDrift[];
  readonly need: RestartNeed;
  readonly isApplied: boolean;
  readonly isRestarting: boolean;
}

/** The one word for a node: what a person has to act on first. */
export function stateOf(question: StateQuestion): NodeState {
  const { problem, drift, need, isApplied, isRestarting } = question;
  if (isRestarting) return 'restarting';
  const isWaiting = problem?.code === 'restart.stopped';
  if (problem !== null && !isWaiting) return 'failed';
  if (!isApplied) return 'pending';
  if (drift.length > 0) return 'drift';
  return isInEffect(need) ? 'in-sync' : 'restart-needed';
}

function isInEffect(need: RestartNeed): boolean {
  return need === 'live' || need === 'none';
}

function rejectedProblem({ code, fault }: NonNullable<AgentState['rejected']>): Problem {
  const outcome =
    code === 'restart.rolled-back'
      ? 'The config before is in place again and the node runs with it.'
      : 'Nor with the config before: look at its service on the node.';
  return { code, detail: `The node did not come back with this config (${fault}). ${outcome}` };
}

function problemOf(error: unknown): Problem {
  if (error instanceof AgentProblem) return { code: error.code, detail: error.detail };
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown';
  return { code: 'agent.failed', detail: detail.slice(0, 500) };
}
