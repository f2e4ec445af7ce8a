/**
 * The least that the agent's account needs: the one Secret, reports, the version of its own node
 * and, for restarts, one lease.
 *
 * RBAC cannot say "the ConfigMap named after your node", nor name what is being created: an agent
 * could write another node's report or add a ConfigMap or Lease in `moorage-system`. Reports are
 * therefore shown, never acted on.
 */
import { agentMarks, agentPlace } from './agent-place.js';

const { name, namespace } = agentPlace;
const rbac = 'rbac.authorization.k8s.io';

export function buildAgentRoles({ restart }: { readonly restart: boolean }): readonly object[] {
  const metadata = { name, namespace, labels: agentMarks };
  const clusterWide = { name, labels: agentMarks };
  const subjects = [{ kind: 'ServiceAccount', name, namespace }];
  const apiVersion = `${rbac}/v1`;
  const rules = [...secretRules, ...reportRules, ...(restart ? leaseRules : [])];
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    { apiVersion, kind: 'Role', metadata, rules },
    {
      apiVersion,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: rbac, kind: 'Role', name },
      subjects,
    },
    { apiVersion, kind: 'ClusterRole', metadata: clusterWide, rules: nodeRules },
    {
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata: clusterWide,
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name },
      subjects,
    },
  ];
}

// List and watch of a named object are allowed when the request selects it by that name.
const secretRules = [
  {
    apiGroups: [''],
    resources: ['secrets'],
    resourceNames: [agentPlace.secret],
    verbs: ['get', 'list', 'watch'],
  },
];

const reportRules = [
  { apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'create', 'patch'] },
];

const leaseApi = { apiGroups: ['coordination.k8s.io'], resources: ['leases'] };
const leaseRules = [
  { ...leaseApi, resourceNames: [agentPlace.lease], verbs: ['get', 'update'] },
  { ...leaseApi, verbs: ['create'] },
];

// Version, readiness and the uid that lets a report go with its node.
const nodeRules = [{ apiGroups: [''], resources: ['nodes'], verbs: ['get'] }];
