/**
 * The `hosts.toml` that K3s or RKE2 writes from a `registries.yaml` at its start, by folder of `certs.d`.
 *
 * Does not handle: whether the file does what it seems to; that is the checker's.
 */
import { buildHostConfigs, type HostOptions } from '../registries-yaml/hosts.js';
import { formatHostsToml } from '../registries-yaml/hosts-toml.js';
import type { RegistriesFile } from '../registries-yaml/registries-file.js';

export function renderHosts(
  file: RegistriesFile,
  options: HostOptions,
): readonly (readonly [directory: string, content: string])[] {
  const { hosts } = buildHostConfigs(file, options);
  return [...hosts]
    .map(([name, host]) => [name, formatHostsToml(host, options.distribution)] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}
