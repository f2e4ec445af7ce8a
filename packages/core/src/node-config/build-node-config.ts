/**
 * One environment, every kind of node: picks the renderer for a format.
 *
 * Does not handle: anything of its own; see the renderers.
 */
import { buildContainerdHosts } from './build-containerd-hosts.js';
import { buildCrio } from './build-crio.js';
import { buildDockerDaemon } from './build-docker-daemon.js';
import { buildKubeletCredentialProvider } from './build-kubelet-credential-provider.js';
import { buildRancherCluster } from './build-rancher-cluster.js';
import { buildRegistriesYaml } from './build-registries-yaml.js';
import type { NodeConfig, NodeConfigModel } from './model.js';

export const nodeConfigFormats = [
  'k3s-registries.yaml',
  'rke2-registries.yaml',
  'containerd-hosts',
  'crio',
  'docker',
  'kubelet-credential-provider',
  'rancher-cluster',
] as const;

export type NodeConfigFormat = (typeof nodeConfigFormats)[number];

export interface NodeConfigRequest {
  readonly format: NodeConfigFormat;
  readonly secrets: 'masked' | 'included';
}

export function buildNodeConfig(model: NodeConfigModel, request: NodeConfigRequest): NodeConfig {
  const { secrets } = request;
  switch (request.format) {
    case 'k3s-registries.yaml':
      return buildRegistriesYaml(model, { distribution: 'k3s', secrets });
    case 'rke2-registries.yaml':
      return buildRegistriesYaml(model, { distribution: 'rke2', secrets });
    case 'containerd-hosts':
      return buildContainerdHosts(model, { secrets });
    case 'crio':
      return buildCrio(model, { secrets });
    case 'docker':
      return buildDockerDaemon(model, { secrets });
    case 'kubelet-credential-provider':
      return buildKubeletCredentialProvider(model);
    case 'rancher-cluster':
      return buildRancherCluster(model, { secrets });
  }
}
