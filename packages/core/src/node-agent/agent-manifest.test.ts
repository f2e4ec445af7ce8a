import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { buildAgentManifest } from './agent-manifest.js';
import type { AgentManifestOptions } from './agent-options.js';

const plain: AgentManifestOptions = {
  image: 'registry.example.com/moorage-agent:1',
  distribution: 'k3s',
  restart: false,
};

interface Volume {
  readonly hostPath?: { readonly path: string };
}

function read(options: AgentManifestOptions) {
  const objects = parseAllDocuments(buildAgentManifest(options)).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS();
  });
  const find = (kind: string) => objects.find((object) => object.kind === kind);
  const pod = find('DaemonSet').spec.template.spec;
  const [container] = pod.containers;
  const env = Object.fromEntries(
    container.env.map((each: { name: string; value: string }) => [each.name, each.value]),
  );
  const hostPaths = pod.volumes
    .filter((volume: Volume) => volume.hostPath)
    .map((volume: Volume) => volume.hostPath?.path);
  return { objects, find, pod, container, env, hostPaths };
}

describe('the manifest of the agent', () => {
  it('is the same text for the same options, and holds what it needs in an order to apply', () => {
    expect(buildAgentManifest(plain)).toBe(buildAgentManifest({ ...plain }));
    expect(read(plain).objects.map(({ kind }) => kind)).toEqual([
      'Namespace',
      'ServiceAccount',
      'Role',
      'RoleBinding',
      'ClusterRole',
      'ClusterRoleBinding',
      'DaemonSet',
    ]);
  });

  it('allows one Secret, reports and the reading of nodes, and nothing more', () => {
    const { find } = read(plain);
    expect(find('Role').rules).toEqual([
      {
        apiGroups: [''],
        resources: ['secrets'],
        resourceNames: ['moorage-node-config'],
        verbs: ['get', 'list', 'watch'],
      },
      { apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'create', 'patch'] },
    ]);
    expect(find('ClusterRole').rules).toEqual([
      { apiGroups: [''], resources: ['nodes'], verbs: ['get'] },
    ]);
  });

  it('allows the lease only to an agent that may restart', () => {
    const rules = read({ ...plain, restart: true })
      .find('Role')
      .rules.slice(2);
    expect(rules).toEqual([
      {
        apiGroups: ['coordination.k8s.io'],
        resources: ['leases'],
        resourceNames: ['moorage-agent-restart'],
        verbs: ['get', 'update'],
      },
      { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['create'] },
    ]);
  });

  it.each([
    ['k3s', ['/etc/rancher/k3s', '/var/lib/rancher/k3s/agent/etc/containerd']],
    ['rke2', ['/etc/rancher/rke2', '/var/lib/rancher/rke2/agent/etc/containerd']],
    ['containerd', ['/etc/containerd']],
  ] as const)('mounts the folders of %s and its own, and no other', (distribution, folders) => {
    const { hostPaths, container } = read({ ...plain, distribution });
    expect(hostPaths).toEqual([...folders, '/var/lib/moorage-agent']);
    const mounts = container.volumeMounts.map((mount: { mountPath: string }) => mount.mountPath);
    expect(mounts).toEqual([
      ...hostPaths.map((path: string) => `/host${path}`),
      '/run/moorage-agent',
    ]);
  });

  it('takes no privilege of a node where it may not restart anything', () => {
    const { pod, container, env } = read(plain);
    expect(pod.hostPID).toBeUndefined();
    expect(container.securityContext).toMatchObject({
      privileged: false,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(env.MOORAGE_AGENT_RESTART).toBe('never');
    expect(env).not.toHaveProperty('MOORAGE_AGENT_RESTART_COMMAND');
  });

  it('enters the node where it may, and still cannot write its own image', () => {
    const { pod, container, env } = read({ ...plain, restart: true });
    expect(pod.hostPID).toBe(true);
    expect(container.securityContext).toMatchObject({
      privileged: true,
      readOnlyRootFilesystem: true,
    });
    const command = JSON.parse(env.MOORAGE_AGENT_RESTART_COMMAND);
    expect(command.slice(0, 5)).toEqual(['nsenter', '-t', '1', '-m', '--']);
    expect(command.at(-1)).toContain('unit=k3s-agent');
  });

  it.each([
    ['rke2', /rke2-server.*rke2-agent/],
    ['containerd', /systemctl restart containerd$/],
  ] as const)('restarts the units of %s', (distribution, command) => {
    const { env } = read({ ...plain, distribution, restart: true });
    expect(JSON.parse(env.MOORAGE_AGENT_RESTART_COMMAND).join(' ')).toMatch(command);
  });

  it('carries the choices of who applies it', () => {
    const { env, container } = read({
      ...plain,
      restart: true,
      restartCommand: ['/bin/restart', 'a b'],
      healthCommand: ['/bin/health'],
      healthUrl: 'http://127.0.0.1:10248/healthz',
      timeLimitSeconds: 30,
      intervalSeconds: 5,
      apiServer: { host: '10.0.0.1', port: 6443 },
    });
    expect(container.image).toBe(plain.image);
    expect(env).toMatchObject({
      KUBERNETES_SERVICE_HOST: '10.0.0.1',
      KUBERNETES_SERVICE_PORT: '6443',
      MOORAGE_AGENT_RESTART_COMMAND: '["/bin/restart","a b"]',
      MOORAGE_AGENT_HEALTH_COMMAND: '["/bin/health"]',
      MOORAGE_AGENT_HEALTH_URL: 'http://127.0.0.1:10248/healthz',
      MOORAGE_AGENT_TIME_LIMIT_SECONDS: '30',
      MOORAGE_AGENT_INTERVAL_SECONDS: '5',
    });
  });

  it('lets no text of its options become YAML', () => {
    const image = 'a: b\n- c #"\'&*!';
    expect(read({ ...plain, image }).container.image).toBe(image);
  });

  it('reaches every node and is bounded on it', () => {
    const { pod, container } = read(plain);
    expect(pod.tolerations).toEqual([{ operator: 'Exists' }]);
    expect(container.resources.limits).toEqual({ cpu: '500m', memory: '256Mi' });
    expect(container.livenessProbe.exec.command).toEqual([
      '/node',
      '/alive.mjs',
      '/run/moorage-agent',
    ]);
  });
});
