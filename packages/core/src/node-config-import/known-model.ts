/**
 * The registries of an environment as the renderers of node config take them, with marks in place of
 * secrets and certificates: enough to know what would be written, never what is in it.
 *
 * Does not handle: disabled registries, which have left every node.
 */
import {
  maskedSecret,
  type NodeConfigRegistry,
  type NodeDistribution,
} from '../node-config/model.js';
import { tlsEntryOf } from '../node-config/tls-files.js';
import { SecretText } from '../secret-text.js';
import type { KnownRegistry } from './model.js';

const mark = SecretText.of(maskedSecret);

export function nodeRegistryOf(known: KnownRegistry): NodeConfigRegistry {
  const { address, deliver, scheme, insecureSkipVerify } = known;
  return {
    id: address,
    address,
    deliver,
    scheme,
    tls: {
      insecureSkipVerify,
      ...(known.hasCaCertificate && { caCertificate: maskedSecret }),
      ...(known.hasClientCertificate && { clientCertificate: maskedSecret, clientKey: mark }),
    },
    credential: known.hasLogin ? { id: address, username: maskedSecret, password: mark } : null,
    scopedCredentials: [],
  };
}

/** Paths of the certificate files that the environment's node config puts on a node. */
export function ownFilesOf(
  known: readonly KnownRegistry[],
  distribution: NodeDistribution,
): ReadonlySet<string> {
  const paths = known.flatMap((registry) => {
    const entry = tlsEntryOf(nodeRegistryOf(registry), `/etc/rancher/${distribution}/tls`);
    return [entry?.caPath, entry?.certPath, entry?.keyPath];
  });
  return new Set(paths.filter((path) => typeof path === 'string'));
}
