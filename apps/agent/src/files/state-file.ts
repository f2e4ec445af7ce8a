/** The agent's memory of its node, see `agent-state.ts` in core. */
import {
  type AgentState,
  agentStateDirectory,
  decodeAgentState,
  encodeAgentState,
  initialAgentState,
} from '@moorage/core';
import { AgentProblem } from '../agent-problem.js';
import type { Log } from '../log.js';
import type { NodeDisk } from './node-disk.js';

const path = `${agentStateDirectory}/state.json`;

export class StateFile {
  #state: AgentState = initialAgentState;

  constructor(
    private readonly disk: NodeDisk,
    private readonly log: Log,
  ) {}

  get current(): AgentState {
    return this.#state;
  }

  /**
   * Without a readable memory every file on the node is somebody else's: it is kept before it is
   * replaced, and nothing is removed.
   */
  async load(): Promise<void> {
    const text = await this.#read();
    if (text === null) return;
    const decoded = decodeAgentState(text);
    if (decoded.ok) this.#state = decoded.value;
    else this.log.warn('the state of before cannot be read; starting without one', { path });
  }

  /** What is in its place and is no file is told by the first write, in the report. */
  async #read(): Promise<string | null> {
    try {
      return (await this.disk.read(path))?.content.toString('utf8') ?? null;
    } catch (error) {
      if (!(error instanceof AgentProblem)) throw error;
      return '';
    }
  }

  async update(changes: Partial<AgentState>): Promise<void> {
    const next = { ...this.#state, ...changes };
    await this.disk.write(path, 0o600, encodeAgentState(next));
    this.#state = next;
  }
}
