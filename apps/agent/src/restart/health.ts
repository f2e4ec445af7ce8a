/**
 * Whether a node is back after a restart: the configured command ends with 0, the configured address
 * answers 200, and the API server sees the node ready. With K3s and RKE2, whose restart takes the
 * kubelet along, the readiness must be newer than the restart; the one from before is still there
 * for a while.
 */
import type { AgentDistribution } from '@moorage/core';
import type { NodeFacts } from '../cluster/node-facts.js';
import { runCommand } from './run-command.js';

/** A health check answers at once or is of no use. */
const checkTimeoutMs = 10_000;

export interface HealthParts {
  readonly distribution: AgentDistribution;
  readonly command: readonly string[] | null;
  readonly url: string | null;
  readonly facts: Pick<NodeFacts, 'readReadiness'>;
}

export class Health {
  constructor(private readonly parts: HealthParts) {}

  /** What is not well yet, in one word; null when all is. */
  async findFault(since: number, signal: AbortSignal): Promise<string | null> {
    const { command, url } = this.parts;
    if (command !== null) {
      const outcome = await runCommand(command, { timeoutMs: checkTimeoutMs, signal });
      if (!outcome.ok) return `health command: ${outcome.how}`;
    }
    if (url !== null && !(await isAnswering(url, signal))) return 'health address: no 200';
    return await this.#nodeFault(since);
  }

  async #nodeFault(since: number): Promise<string | null> {
    const readiness = await this.parts.facts.readReadiness().catch(() => null);
    if (readiness === null) return 'API server: no answer about the node';
    if (!readiness.ready) return 'node: not ready';
    const isFresh = readiness.heartbeatAt >= since || this.parts.distribution === 'containerd';
    return isFresh ? null : 'node: no sign of life since the restart';
  }
}

async function isAnswering(url: string, signal: AbortSignal): Promise<boolean> {
  const timeout = AbortSignal.any([signal, AbortSignal.timeout(checkTimeoutMs)]);
  try {
    const reply = await fetch(url, { signal: timeout, redirect: 'manual' });
    await reply.body?.cancel();
    return reply.status === 200;
  } catch {
    return false;
  }
}
