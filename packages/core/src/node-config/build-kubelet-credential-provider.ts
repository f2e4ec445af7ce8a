/**
 * Renders the kubelet's `CredentialProviderConfig` for the clouds whose plugins mint short-lived
 * logins on the node itself, with the identity of the node.
 *
 * Source: kubernetes `kubelet.config.k8s.io/v1` `CredentialProviderConfig`; the plugins of
 * cloud-provider-aws, -gcp and -azure.
 *
 * Does not handle: logins with a fixed user name and password; no standard plugin carries those.
 */
import { leftOut } from './finding.js';
import type { NodeConfig, NodeConfigModel, NodeConfigRegistry } from './model.js';
import { writeYamlDocument, type YamlValue } from './yaml-document.js';

interface Plugin {
  readonly name: string;
  readonly matches: RegExp;
  /** How long the kubelet may keep a login: below the life of the cloud's tokens. */
  readonly cacheDuration: string;
  readonly args?: readonly string[];
}

const plugins: readonly Plugin[] = [
  {
    name: 'ecr-credential-provider',
    matches:
      /^(?:[0-9]+\.dkr\.ecr(?:-fips)?\.[a-z0-9-]+\.(?:amazonaws\.com(?:\.cn)?|on\.aws)|public\.ecr\.aws)$/,
    cacheDuration: '12h',
  },
  {
    name: 'auth-provider-gcp',
    matches: /^(?:(?:[a-z]+\.)?gcr\.io|[a-z0-9-]+-docker\.pkg\.dev)$/,
    cacheDuration: '1m',
    args: ['get-credentials', '--v=3'],
  },
  {
    name: 'acr-credential-provider',
    matches: /^[a-z0-9]+\.azurecr\.(?:io|cn|us)$/,
    cacheDuration: '10m',
    args: ['/etc/kubernetes/azure.json'],
  },
];

export function buildKubeletCredentialProvider(model: NodeConfigModel): NodeConfig {
  const registries = model.registries.toSorted((a, b) => (a.address < b.address ? -1 : 1));
  const providers = plugins.flatMap((plugin): YamlValue[] => {
    const matchImages = registries.map((r) => r.address).filter((a) => plugin.matches.test(a));
    return matchImages.length === 0 ? [] : [providerOf(plugin, matchImages)];
  });
  const content = writeYamlDocument(
    [
      'Written by Moorage. The kubelet reads it when it starts:',
      '--image-credential-provider-config and --image-credential-provider-bin-dir.',
    ],
    { apiVersion: 'kubelet.config.k8s.io/v1', kind: 'CredentialProviderConfig', providers },
  );
  const others = registries
    .filter(needsLogin)
    .filter(({ address }) => !plugins.some((p) => p.matches.test(address)));
  return {
    // The kubelet does not start with a file that names no provider.
    files:
      providers.length === 0
        ? []
        : [{ path: '/etc/kubernetes/moorage-credential-provider.yaml', mode: '0644', content }],
    notExpressible: [
      ...others.map(({ address }) =>
        leftOut('node-config.no-plugin', {
          detail: `${address}: no standard kubelet plugin mints logins for it.`,
          parameters: { registry: address },
        }),
      ),
      ...(model.mirrors.length === 0
        ? []
        : [
            leftOut('node-config.mirror', {
              detail: 'A credential provider carries no mirrors.',
              parameters: { target: 'credentialProvider', registry: '' },
            }),
          ]),
    ],
    // The kubelet reads its flags at start; on K3s and RKE2 it is part of that one process.
    restart: 'k3s',
    diagnostics: [],
  };
}

function needsLogin({ credential, deliver, scopedCredentials }: NodeConfigRegistry): boolean {
  return deliver !== 'pull-secret' && (credential !== null || scopedCredentials.length > 0);
}

function providerOf(plugin: Plugin, matchImages: readonly string[]): YamlValue {
  return {
    name: plugin.name,
    apiVersion: 'credentialprovider.kubelet.k8s.io/v1',
    matchImages,
    defaultCacheDuration: plugin.cacheDuration,
    ...(plugin.args && { args: plugin.args }),
  };
}
