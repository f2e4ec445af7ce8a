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
import type { AgentManifestOptions } from './agent-options.js';
import { agentMarks, agentPlace } from './agent-place.js';
import { buildAgentRoles } from './agent-roles.js';
import { buildAgentDaemonSet } from './agent-workload.js';

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
