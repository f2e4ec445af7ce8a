import type { AgentDistribution } from './agent-place.js';

/** The choices of who applies the agent's manifest. */
export interface AgentManifestOptions {
  readonly image: string;
  readonly distribution: AgentDistribution;
  /** Whether it may restart what reads the logins; without, it says that a restart is needed. */
  readonly restart: boolean;
  /** Program and arguments; default: systemd's units, see `agent-commands.ts`. */
  readonly restartCommand?: readonly string[];
  /** Ends with 0 when what was restarted is back. */
  readonly healthCommand?: readonly string[];
  /** Answers 200 when it is back, for example the kubelet's `http://127.0.0.1:10248/healthz`. */
  readonly healthUrl?: string;
  /** How long a node may take to come back. */
  readonly timeLimitSeconds?: number;
  /** How often the files of a node are compared when nothing else happens. */
  readonly intervalSeconds?: number;
  /** Where the API server is, for nodes on which the cluster's own address does not work. */
  readonly apiServer?: { readonly host: string; readonly port: number };
}
