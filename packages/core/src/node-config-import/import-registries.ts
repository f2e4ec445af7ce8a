/**
 * The `configs` of a file as registries and logins. One entry is one address; Docker Hub's entry may
 * stand under `docker.io` and `registry-1.docker.io`, of which containerd asks the latter.
 *
 * A new registry is delivered to nodes only: an import changes nothing for pods. What people have
 * decided about a registry that is here (disabled, not on nodes) stays, and is told.
 *
 * Does not handle: certificate files. They are on a node, and only their paths are in the file.
 */
import { isDockerHub } from '../docker-hub.js';
import { visibleText } from '../finding-parameters.js';
import type { NodeDistribution } from '../node-config/model.js';
import type { ConfigSpec, RegistriesFile, TlsSpec } from '../registries-yaml/registries-file.js';
import { parseRegistryAddress } from '../registry-host.js';
import type { SecretText } from '../secret-text.js';
import { readLogin } from './import-login.js';
import { ownFilesOf } from './known-model.js';
import { leftBehind, type Place } from './left-behind.js';
import type { KnownRegistry, NotImported } from './model.js';

/** What a `configs` entry says, under the address that it has here. */
export interface WantedRegistry extends Place {
  readonly key: string;
  readonly address: string;
  readonly insecureSkipVerify: boolean;
  readonly hasFiles: boolean;
  readonly login: { readonly username: string; readonly password: SecretText } | null;
}

export interface WantedRegistries {
  readonly registries: readonly WantedRegistry[];
  readonly notImported: readonly NotImported[];
}

/** More than any site has; a transaction of many thousands would keep others waiting. */
const maxRegistries = 1000;

export function readRegistries(
  file: RegistriesFile,
  known: readonly KnownRegistry[],
  distribution: NodeDistribution,
): WantedRegistries {
  const byAddress = new Map(known.map((registry) => [registry.address, registry]));
  const ownFiles = ownFilesOf(known, distribution);
  const notImported: NotImported[] = [];
  const wanted = new Map<string, WantedRegistry>();
  for (const [key, config] of preferred(file)) {
    const place: Place = { path: ['configs', key], at: config.at };
    const address = readKey(key, place);
    if (typeof address !== 'string') {
      notImported.push(address);
      continue;
    }
    const read = readConfig({ key, address, config, place }, byAddress.get(address), ownFiles);
    notImported.push(...read.notImported);
    const before = wanted.get(address);
    if (before !== undefined) notImported.push(...repeated(before, read.registry));
    else if (read.registry !== null && wanted.size >= maxRegistries) notImported.push(many(place));
    else if (read.registry !== null) wanted.set(address, read.registry);
  }
  return { registries: [...wanted.values()], notImported };
}

/** The key that containerd looks for comes before another spelling of the same address. */
function preferred(file: RegistriesFile): readonly (readonly [string, ConfigSpec])[] {
  const rank = (key: string) =>
    key === 'registry-1.docker.io' ? 0 : key === key.toLowerCase() ? 1 : 2;
  return [...file.configs].toSorted(([a], [b]) => rank(a) - rank(b));
}

/** The address, or why there is none. */
function readKey(key: string, place: Place): string | NotImported {
  if (key === '*') {
    return leftBehind('node-config-import.config-wildcard', place, {
      detail: 'Settings for every registry are not kept: give each registry its own.',
    });
  }
  if (isDockerHub(key) && key !== 'docker.io' && key !== 'registry-1.docker.io') {
    return leftBehind('node-config-import.config-docker-hub-name', place, {
      detail: `Nodes use settings under ${key} for no pull of docker.io: they ask registry-1.docker.io.`,
      parameters: { key },
    });
  }
  const parsed = parseRegistryAddress(key);
  const invalid = (reason: string, detail: string) =>
    leftBehind('node-config-import.config-key-invalid', place, {
      detail,
      parameters: { key: reason === 'address.userinfo' ? '' : visibleText(key), reason },
    });
  if (!parsed.ok) return invalid(parsed.error.code, parsed.error.detail);
  const { address, path, scheme } = parsed.value;
  return path === null && scheme === null && !key.includes('/')
    ? address
    : invalid('path', 'A configs key is host[:port], without scheme and path; nodes never use it.');
}

interface PlacedConfig {
  readonly key: string;
  readonly address: string;
  readonly config: ConfigSpec;
  readonly place: Place;
}

function readConfig(
  { key, address, config, place }: PlacedConfig,
  known: KnownRegistry | undefined,
  ownFiles: ReadonlySet<string>,
): { readonly registry: WantedRegistry | null; readonly notImported: readonly NotImported[] } {
  const { auth, tls } = config;
  if (auth === null && tls === null) {
    const detail = 'This entry has no settings.';
    const empty = leftBehind('node-config-import.config-empty', place, { detail });
    return { registry: null, notImported: [empty] };
  }
  const { login, notImported } = auth === null ? noLogin : readLogin(auth, [...place.path, 'auth']);
  const insecureSkipVerify = tls?.insecureSkipVerify ?? false;
  const files = tls === null ? [] : foreignFiles(tls, ownFiles);
  const hasFiles = tls !== null && [tls.caFile, tls.certFile, tls.keyFile].some((f) => f !== '');
  const hasContent = login !== null || insecureSkipVerify || hasFiles;
  return {
    registry: hasContent ? { ...place, key, address, insecureSkipVerify, hasFiles, login } : null,
    notImported: [
      ...notImported,
      ...files.map(([field, file]) => fileOnNode(field, file, place, tls?.at ?? place.at)),
      ...(hasContent ? [...renamed(key, address, place), ...decided(known, login, place)] : []),
    ],
  };
}

const noLogin = { login: null, notImported: [] };

type FileField = readonly [field: 'ca_file' | 'cert_file' | 'key_file', file: string];

/** Without those that the environment's own node config puts there. */
function foreignFiles(tls: TlsSpec, ownFiles: ReadonlySet<string>): readonly FileField[] {
  const fields: readonly FileField[] = [
    ['ca_file', tls.caFile],
    ['cert_file', tls.certFile],
    ['key_file', tls.keyFile],
  ];
  return fields.filter(([, file]) => file !== '' && !ownFiles.has(file));
}

function fileOnNode(
  field: FileField[0],
  file: string,
  { path }: Place,
  at: Place['at'],
): NotImported {
  return leftBehind(
    'node-config-import.file-on-node',
    { path: [...path, 'tls', field], at },
    {
      detail: `${field} names a file on the node, ${visibleText(file)}; its content is not in this document. Paste it into the registry's connection.`,
      parameters: { field, file: visibleText(file) },
    },
  );
}

function renamed(key: string, address: string, place: Place): readonly NotImported[] {
  if (key === address || isDockerHub(key)) return [];
  return [
    leftBehind('node-config-import.renamed', place, {
      detail: `The address is written ${address} here.`,
      parameters: { from: visibleText(key), to: address },
    }),
  ];
}

function decided(
  known: KnownRegistry | undefined,
  login: WantedRegistry['login'],
  place: Place,
): readonly NotImported[] {
  if (known?.state === 'disabled') {
    return [
      leftBehind('node-config-import.registry-disabled', place, {
        detail: `${known.address} is disabled here and stays so: nothing of it reaches a node.`,
        parameters: { address: known.address },
      }),
    ];
  }
  if (known?.deliver !== 'pull-secret' || login === null) return [];
  return [
    leftBehind('node-config-import.registry-off-nodes', place, {
      detail: `The login of ${known.address} is delivered to pull secrets only, and stays off the nodes.`,
      parameters: { address: known.address },
    }),
  ];
}

/** The second entry of an address; the same settings written twice are no loss. */
function repeated(first: WantedRegistry, second: WantedRegistry | null): readonly NotImported[] {
  if (second === null || hasSameSettings(first, second)) return [];
  return [
    leftBehind('node-config-import.config-repeated', second, {
      detail: `${first.address} has other settings already, under ${visibleText(first.key)}.`,
      parameters: { key: visibleText(second.key), address: first.address },
    }),
  ];
}

export function hasSameSettings(a: WantedRegistry, b: WantedRegistry): boolean {
  return (
    a.insecureSkipVerify === b.insecureSkipVerify &&
    a.hasFiles === b.hasFiles &&
    a.login?.username === b.login?.username &&
    a.login?.password.reveal() === b.login?.password.reveal()
  );
}

function many(place: Place): NotImported {
  return leftBehind('node-config-import.too-many-registries', place, {
    detail: `At most ${maxRegistries} registries are imported at once.`,
    parameters: { limit: String(maxRegistries) },
  });
}
