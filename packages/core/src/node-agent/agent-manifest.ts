/**
 * Everything that `kubectl apply -f -` needs for the node agent: an account that may read the one
 * Secret and write reports, and a DaemonSet that mounts the folders of the node config and nothing
 * else of the node.
 *
 * What it takes and why: it runs as root, because the files are root's, without any capability; it
 * uses the node's network, because mirrors must arrive before the images of a pod network can be
 * pulled, and listens on nothing. Only when it may restart things does it also see the node's
 * processes and run privileged: to restart a unit means to enter the node.
 *
 * Sources: Kubernetes DaemonSet, RBAC and Pod Security documentation.
 *
 * Does not handle: SELinux in enforcing mode (needs `seLinuxOptions`), Windows nodes.
 */
import { stringify } from 'yaml';
import { type AgentDistribution, agentMarks, agentPlace } from './agent-place.js';
import { buildAgentRoles } from './agent-roles.js';
import { buildAgentDaemonSet } from './agent-workload.js';

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

/** YAML documents in an order that can be applied; the same options give the same text. */
export function buildAgentManifest(options: AgentManifestOptions): string {
  const documents = [
    namespace,
    ...buildAgentRoles({ restart: options.restart }),
    buildAgentDaemonSet(options),
  ];
  return documents
    .map((document) => stringify(document, { aliasDuplicateObjects: false, lineWidth: 0 }))
    .join('---\n');
}

// Folders and network of the node are more than the stricter pod security levels allow.
const namespace = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: {
    name: agentPlace.namespace,
    labels: { ...agentMarks, 'pod-security.kubernetes.io/enforce': 'privileged' },
  },
};
