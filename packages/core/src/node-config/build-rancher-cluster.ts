/**
 * Renders an environment for a cluster that Rancher provisions: the `registries` part of the cluster
 * object, and the Secrets that it names, in Rancher's namespace `fleet-default`.
 *
 * Source: rancher/rancher `pkg/capr/planner` (registries), `rke.cattle.io/v1` types.
 *
 * Does not handle: the cluster object itself; the part is to be merged into it.
 */
import { encodeUtf8Base64 } from '../utf8-base64.js';
import { buildMirrorEntries } from './mirror-entries.js';
import {
  maskedSecret,
  type NodeConfig,
  type NodeConfigModel,
  type NodeConfigOptions,
} from './model.js';
import type { SecretsShown } from './node-logins.js';
import { buildRegistryEntries, type RegistryEntry } from './registry-entries.js';
import { findModelTraps } from './traps.js';
import { writeYamlDocument, type YamlMap } from './yaml-document.js';

const namespace = 'fleet-default';

export function buildRancherCluster(
  model: NodeConfigModel,
  { secrets }: Pick<NodeConfigOptions, 'secrets'>,
): NodeConfig {
  const mirrors = buildMirrorEntries(model);
  const target = { distribution: 'rke2', tlsDirectory: '' } as const;
  const registries = buildRegistryEntries(model, mirrors.entries, target);
  const mirrorMap = registries.mirrors.map(({ registry, endpoints, rewrites }) => [
    registry,
    {
      endpoint: endpoints,
      ...(rewrites.length > 0 && {
        rewrite: Object.fromEntries(rewrites.map((rule) => [rule.pattern, rule.replacement])),
      }),
    },
  ]);
  const configs = registries.entries.map((entry) => [entry.key, configOf(entry)]);
  const cluster = writeYamlDocument(
    ['Written by Moorage. Merge into the cluster object (provisioning.cattle.io/v1).'],
    {
      spec: {
        rkeConfig: {
          registries: {
            mirrors: Object.fromEntries(mirrorMap),
            configs: Object.fromEntries(configs),
          },
        },
      },
    },
  );
  const documents = registries.entries.flatMap((entry) => secretsOf(entry, secrets));
  return {
    files: [
      { path: 'rancher-cluster.yaml', mode: '0644', content: cluster },
      ...(documents.length === 0
        ? []
        : [
            {
              path: 'rancher-secrets.yaml',
              mode: '0600' as const,
              content: documents.join('---\n'),
            },
          ]),
    ],
    notExpressible: [...mirrors.notExpressible, ...registries.notExpressible],
    restart: 'k3s',
    diagnostics: [
      ...mirrors.diagnostics,
      ...registries.diagnostics,
      ...findModelTraps(model, registries.mirrors),
    ],
  };
}

function configOf({ key, credential, tls }: RegistryEntry): YamlMap {
  const ca = tls?.source.caCertificate;
  return {
    ...(credential && { authConfigSecretName: secretName(key, 'auth') }),
    ...(tls?.certPath && { tlsSecretName: secretName(key, 'tls') }),
    ...(ca && { caBundle: encodeUtf8Base64(ca) }),
    ...(tls?.insecureSkipVerify && { insecureSkipVerify: true }),
  };
}

// Kubernetes names: lower case, digits, dashes and dots. A port's colon becomes a dash.
function secretName(key: string, kind: 'auth' | 'tls'): string {
  const host = key
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
  return `moorage-${host}-${kind}`;
}

function secretsOf(
  { key, credential, tls }: RegistryEntry,
  shown: SecretsShown,
): readonly string[] {
  const isShown = shown === 'included';
  const documents: string[] = [];
  if (credential !== null) {
    const password = isShown ? credential.password.reveal() : maskedSecret;
    const data = { username: credential.username, password };
    documents.push(secretDocument(secretName(key, 'auth'), 'kubernetes.io/basic-auth', data));
  }
  if (tls?.source.clientCertificate && tls.source.clientKey) {
    const privateKey = isShown ? tls.source.clientKey.reveal() : maskedSecret;
    const data = { 'tls.crt': tls.source.clientCertificate, 'tls.key': privateKey };
    documents.push(secretDocument(secretName(key, 'tls'), 'kubernetes.io/tls', data));
  }
  return documents;
}

function secretDocument(name: string, type: string, stringData: YamlMap): string {
  return writeYamlDocument([], {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace },
    type,
    stringData,
  });
}
