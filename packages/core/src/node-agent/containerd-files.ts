/**
 * The hosts and logins of a `registries.yaml` for a containerd that no K3s or RKE2 drives.
 *
 * Sources: containerd `docs/hosts.md`, `docs/cri/registry.md` (version 3 of `config.toml`).
 *
 * Does not handle: rewrites (stock containerd passes them over) and the logins of containerd 1.x,
 * which merges no imported file into the section of the CRI plugin.
 */
import { formatAuthStanzas } from '../registries-yaml/containerd-auth.js';
import { buildHostConfigs, type HostOptions } from '../registries-yaml/hosts.js';
import { formatHostsToml } from '../registries-yaml/hosts-toml.js';
import type { ConfigSpec, RegistriesFile } from '../registries-yaml/registries-file.js';
import type { DesiredFile } from './desired-file.js';
import { nodePathsOf } from './node-paths.js';

const paths = nodePathsOf('containerd');

const reader: HostOptions = {
  distribution: 'k3s',
  disableDefaultEndpoint: false,
  embeddedRegistry: null,
};

export function buildContainerdFiles(file: RegistriesFile): readonly DesiredFile[] {
  const moved = { ...file, configs: new Map([...file.configs].map(moveTls)) };
  const { hosts } = buildHostConfigs(moved, reader);
  const sorted = [...hosts].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const files = sorted.map(([directory, host]): DesiredFile => {
    // Its first line says that K3s wrote it.
    const lines = formatHostsToml(host, 'k3s').split('\n').slice(1);
    return {
      kind: 'hosts',
      path: `${paths.certsDirectory}/${directory}/hosts.toml`,
      mode: '0644',
      content: ['# Written by Moorage. containerd reads this file on every pull.', ...lines].join(
        '\n',
      ),
    };
  });
  const logins = formatAuthStanzas(moved, (secret) => secret.reveal());
  if (logins === '') return files;
  return [
    ...files,
    { kind: 'logins', path: paths.loginsFile, mode: '0600', content: `${loginsHead}\n${logins}` },
  ];
}

const loginsHead = [
  '# Written by Moorage. Takes effect when containerd is restarted.',
  `# Needs imports = ["${paths.loginsFile}"] in /etc/containerd/config.toml; containerd 2.0 and later.`,
  'version = 3',
  '',
  `[plugins.'io.containerd.cri.v1.images'.registry]`,
  `  config_path = "${paths.certsDirectory}"`,
  '',
].join('\n');

/** Certificates lie in containerd's own folder, whatever distribution the file was made for. */
function moveTls([key, config]: [string, ConfigSpec]): [string, ConfigSpec] {
  if (config.tls === null) return [key, config];
  const { caFile, certFile, keyFile } = config.tls;
  const tls = {
    ...config.tls,
    caFile: move(caFile),
    certFile: move(certFile),
    keyFile: move(keyFile),
  };
  return [key, { ...config, tls }];
}

function move(path: string): string {
  return path.replace(/^\/etc\/rancher\/(k3s|rke2)\/tls\//, `${paths.tlsDirectory}/`);
}
