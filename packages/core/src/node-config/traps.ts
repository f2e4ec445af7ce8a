/**
 * Combinations that a node would accept and that do something else than the people who set them up
 * expect.
 *
 * Source: kubelet and containerd: credentials that the kubelet passes replace the node's login for
 * every host of that pull, mirrors included.
 *
 * Does not handle: faults of the rendered text; the `registries.yaml` checker finds those.
 */

import { originOf, parseNodeEndpoint } from './endpoint.js';
import { nodeFinding } from './finding.js';
import type { MirrorEntry } from './mirror-entries.js';
import type { NodeConfigDiagnostic, NodeConfigModel, NodeConfigRegistry } from './model.js';

export function findModelTraps(
  model: NodeConfigModel,
  mirrors: readonly MirrorEntry[],
): readonly NodeConfigDiagnostic[] {
  return model.registries.flatMap((registry) => [
    ...pullSecretBeatsMirror(registry, model, mirrors),
    ...rewritesOwnEndpoint(registry, mirrors),
    ...loginInClear(registry, mirrors),
  ]);
}

function pullSecretBeatsMirror(
  registry: NodeConfigRegistry,
  model: NodeConfigModel,
  mirrors: readonly MirrorEntry[],
): readonly NodeConfigDiagnostic[] {
  const hasSecret = registry.credential !== null || registry.scopedCredentials.length > 0;
  if (registry.deliver === 'nodes' || !hasSecret) {
    return [];
  }
  const mirror = mirrorFor(registry.address, mirrors);
  const others = (mirror?.endpoints ?? []).filter((written) =>
    model.registries.some(
      (other) =>
        other.id !== registry.id &&
        other.credential !== null &&
        other.deliver !== 'pull-secret' &&
        isEndpointOf(written, other),
    ),
  );
  return others.map((endpoint) =>
    nodeFinding(
      'warning',
      'node-config.pull-secret-beats-mirror',
      `registries.${registry.address}`,
      {
        message: `A pod that has the pull secret for ${registry.address} sends that login to ${endpoint} as well, instead of the node's own: the mirror refuses it.`,
        suggestion: `Deliver the login of ${registry.address} to nodes only, or make the mirror readable without one.`,
        parameters: { registry: registry.address, endpoint },
      },
    ),
  );
}

function rewritesOwnEndpoint(
  registry: NodeConfigRegistry,
  mirrors: readonly MirrorEntry[],
): readonly NodeConfigDiagnostic[] {
  const own = mirrors.find((mirror) => mirror.registry === registry.address);
  const asksItself = own?.endpoints.some((written) => isEndpointOf(written, registry)) ?? false;
  if (!asksItself || own === undefined || own.rewrites.length === 0) {
    return [];
  }
  return [
    nodeFinding('warning', 'node-config.rewrites-own-endpoint', `mirrors.${registry.address}`, {
      message: `The rewrites of this mirror also change what is asked of ${registry.address} itself: one set of rules serves all endpoints.`,
      suggestion: 'Use endpoints that all have the rewritten names.',
      parameters: { registry: registry.address },
    }),
  ];
}

function loginInClear(
  registry: NodeConfigRegistry,
  mirrors: readonly MirrorEntry[],
): readonly NodeConfigDiagnostic[] {
  const hasLogin = registry.credential !== null && registry.deliver !== 'pull-secret';
  if (!hasLogin || registry.scheme === 'http') {
    return [];
  }
  const clear = mirrors
    .flatMap((mirror) => mirror.endpoints)
    .filter((written) => {
      const endpoint = parseNodeEndpoint(written);
      return endpoint?.scheme === 'http' && endpoint.host === registry.address;
    });
  return [...new Set(clear)].map((endpoint) =>
    nodeFinding('warning', 'node-config.login-in-clear', `registries.${registry.address}`, {
      message: `Nodes send the login of ${registry.address} unencrypted to the endpoint ${endpoint}.`,
      suggestion: 'Write the endpoint with https.',
      parameters: { registry: registry.address, endpoint },
    }),
  );
}

function mirrorFor(address: string, mirrors: readonly MirrorEntry[]): MirrorEntry | undefined {
  return (
    mirrors.find((mirror) => mirror.registry === address) ??
    mirrors.find((mirror) => mirror.registry === '*')
  );
}

function isEndpointOf(written: string, registry: NodeConfigRegistry): boolean {
  const endpoint = parseNodeEndpoint(written);
  if (endpoint === null) {
    return false;
  }
  const host = registry.address === 'docker.io' ? 'registry-1.docker.io' : registry.address;
  return originOf(endpoint) === originOf({ scheme: registry.scheme, host });
}
