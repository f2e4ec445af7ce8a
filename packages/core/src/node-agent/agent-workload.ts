/** The DaemonSet of the node agent; what it takes from the node is explained in `agent-manifest.ts`. */
import { defaultHealthCommand, defaultRestartCommand } from './agent-commands.js';
import type { AgentManifestOptions } from './agent-options.js';
import { agentMarks, agentPlace } from './agent-place.js';
import { agentStateDirectory, hostRoot, nodePathsOf } from './node-paths.js';

const { name, namespace } = agentPlace;
const selector = { 'app.kubernetes.io/name': name };

export function buildAgentDaemonSet(options: AgentManifestOptions): object {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, namespace, labels: agentMarks },
    spec: {
      selector: { matchLabels: selector },
      // A new agent that does not come up is seen before it is everywhere.
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '10%' } },
      template: {
        metadata: { labels: { ...agentMarks, ...selector } },
        spec: podSpec(options),
      },
    },
  };
}

function podSpec(options: AgentManifestOptions): object {
  const volumes = mountedDirectories(options).map((path) => ({
    name: volumeName(path),
    hostPath: { path, type: 'DirectoryOrCreate' },
  }));
  return {
    serviceAccountName: name,
    hostNetwork: true,
    // With the node's network, cluster names would otherwise be asked of the node's resolver.
    dnsPolicy: 'ClusterFirstWithHostNet',
    ...(options.restart ? { hostPID: true } : {}),
    priorityClassName: 'system-node-critical',
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    // Every node, new ones and those that are not ready for pods yet.
    tolerations: [{ operator: 'Exists' }],
    // An interrupted write is finished or undone at the next start; there is nothing to wait for.
    terminationGracePeriodSeconds: 10,
    containers: [container(options)],
    volumes: [...volumes, { name: 'run', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } }],
  };
}

function mountedDirectories({ distribution }: AgentManifestOptions): readonly string[] {
  return [...nodePathsOf(distribution).directories, agentStateDirectory];
}

/** `/etc/rancher/k3s` → `etc-rancher-k3s`, a DNS label for all of our folders. */
function volumeName(path: string): string {
  return path.slice(1).replaceAll('/', '-');
}

function container(options: AgentManifestOptions): object {
  const mounts = mountedDirectories(options).map((path) => ({
    name: volumeName(path),
    mountPath: `${hostRoot}${path}`,
  }));
  return {
    name: 'agent',
    image: options.image,
    env: environment(options),
    securityContext: securityContext(options),
    // Measured on a real node: at most 90 MB with a small config and 121 MB with one of 1 MiB in
    // 3,700 files; the probe beside it takes what Node takes, 45 MB.
    resources: {
      requests: { cpu: '10m', memory: '64Mi' },
      limits: { cpu: '500m', memory: '256Mi' },
    },
    startupProbe: { ...probe, periodSeconds: 5, failureThreshold: 24 },
    livenessProbe: { ...probe, periodSeconds: 60, failureThreshold: 3 },
    volumeMounts: [...mounts, { name: 'run', mountPath: runDirectory }],
    terminationMessagePolicy: 'FallbackToLogsOnError',
  };
}

// It listens on nothing, so the probe is a small program that looks at its sign of life.
const runDirectory = '/run/moorage-agent';
const probe = { exec: { command: ['/node', '/alive.mjs', runDirectory] }, timeoutSeconds: 10 };

function securityContext({ restart }: AgentManifestOptions): object {
  return restart
    ? { runAsUser: 0, privileged: true, readOnlyRootFilesystem: true }
    : {
        runAsUser: 0,
        privileged: false,
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
        seccompProfile: { type: 'RuntimeDefault' },
      };
}

function environment(options: AgentManifestOptions): readonly object[] {
  const { distribution, apiServer } = options;
  const health = options.healthCommand ?? defaultHealthCommand(distribution);
  const command = options.restartCommand ?? defaultRestartCommand(distribution);
  const variables: readonly (readonly [string, string | undefined])[] = [
    ['KUBERNETES_SERVICE_HOST', apiServer?.host],
    ['KUBERNETES_SERVICE_PORT', apiServer && String(apiServer.port)],
    ['MOORAGE_AGENT_DISTRIBUTION', distribution],
    ['MOORAGE_AGENT_RESTART', options.restart ? 'allowed' : 'never'],
    ['MOORAGE_AGENT_RESTART_COMMAND', options.restart ? JSON.stringify(command) : undefined],
    ['MOORAGE_AGENT_HEALTH_COMMAND', options.restart ? JSON.stringify(health) : undefined],
    ['MOORAGE_AGENT_HEALTH_URL', options.healthUrl],
    ['MOORAGE_AGENT_TIME_LIMIT_SECONDS', options.timeLimitSeconds?.toString()],
    ['MOORAGE_AGENT_INTERVAL_SECONDS', options.intervalSeconds?.toString()],
  ];
  return [
    { name: 'MOORAGE_AGENT_NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
    ...variables.flatMap(([key, value]) => (value === undefined ? [] : [{ name: key, value }])),
  ];
}
