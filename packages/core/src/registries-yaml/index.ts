export * from './check.js';
export type { AuthKind, AuthSummary } from './containerd-auth.js';
export { formatAuthStanzas } from './containerd-auth.js';
export type { Diagnostic, Position, Severity } from './diagnostic.js';
export { buildHostConfigs, type HostConfig, type HostEndpoint, type HostOptions } from './hosts.js';
export { formatHostsToml } from './hosts-toml.js';
export { type LoadedRegistries, loadRegistriesYaml } from './load.js';
export type { ConfigSpec, MirrorSpec, RegistriesFile } from './registries-file.js';
export { documentMaxBytes } from './yaml-tree.js';
