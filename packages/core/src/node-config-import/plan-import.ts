/**
 * Plans the import of a `registries.yaml`: the document × what the environment has → what is added or
 * changed, and every part that is not kept.
 *
 *   configs.<host>  → a registry with its login and `insecure_skip_verify`
 *   mirrors.<name>  → a mirror, which replaces the environment's own mirror of that registry
 *
 * Nothing is removed from the environment. Importing what was rendered from it plans nothing.
 *
 * Does not handle: reading the file of a node, and certificates, which are files beside it.
 */
import { parseNodeEndpoint } from '../node-config/endpoint.js';
import type { NodeConfigMirror, NodeDistribution } from '../node-config/model.js';
import { checkRegistriesYaml } from '../registries-yaml/check.js';
import type { Diagnostic } from '../registries-yaml/diagnostic.js';
import { loadRegistriesYaml } from '../registries-yaml/load.js';
import { Err, Ok, type Result } from '../result.js';
import { findComments } from './comments.js';
import { findAliases, isRendered, renderMirrors } from './implied.js';
import { readMirrors } from './import-mirrors.js';
import { readRegistries, type WantedRegistry } from './import-registries.js';
import { nodeRegistryOf } from './known-model.js';
import { sortLeftBehind } from './left-behind.js';
import type {
  ImportEnvironment,
  ImportPlan,
  ImportQuestion,
  KnownRegistry,
  NotImported,
  NotLoadable,
  PlannedMirror,
  PlannedRegistry,
} from './model.js';

export function planNodeConfigImport(
  question: ImportQuestion,
  environment: ImportEnvironment,
): Result<ImportPlan, NotLoadable> {
  const { document, distribution } = question;
  const loaded = loadRegistriesYaml(document);
  const fault = loaded.diagnostics[0];
  if (!loaded.loads && fault !== undefined) return Err(fault);
  const read = readRegistries(loaded.file, environment.registries, distribution);
  const { mirrors, notImported } = readMirrors(loaded.file);
  const known = new Map(environment.registries.map((registry) => [registry.address, registry]));
  const aliases = findAliases(read.registries, mirrors, new Set(known.keys()));
  const wanted = read.registries.filter(({ address }) => !aliases.has(address));
  const registries = wanted.map((registry) =>
    planRegistry(registry, known.get(registry.address), mirrors),
  );
  return Ok({
    registries: registries.toSorted((a, b) => (a.address < b.address ? -1 : 1)),
    logins: wanted.flatMap(({ address, login }) => (login === null ? [] : [{ address, ...login }])),
    mirrors: planMirrors(mirrors, environment, afterImport(registries, wanted, known), {
      distribution,
      named: registries,
    }),
    notImported: sortLeftBehind([
      ...findComments(document, secondDocumentOf(loaded.diagnostics) ?? null),
      ...loaded.diagnostics.filter(isLoss).map(asNotImported),
      ...read.notImported,
      ...notImported,
    ]),
    diagnostics: checkRegistriesYaml(question).diagnostics,
  });
}

/** What the loader drops. Other findings of the loader are about what it keeps. */
function isLoss({ code }: Diagnostic): boolean {
  return code !== 'registries-yaml.loose-boolean';
}

function asNotImported(finding: Diagnostic): NotImported {
  const { code, path, line, column, message, parameters } = finding;
  return { code, path, line, column, detail: message, parameters };
}

function secondDocumentOf(diagnostics: readonly Diagnostic[]): Diagnostic | undefined {
  return diagnostics.find(({ code }) => code === 'registries-yaml.second-document');
}

function planRegistry(
  wanted: WantedRegistry,
  known: KnownRegistry | undefined,
  mirrors: readonly NodeConfigMirror[],
): PlannedRegistry {
  const { address, insecureSkipVerify } = wanted;
  if (known !== undefined) {
    // With http there is no certificate to verify, and what people set there stays.
    const isNew = insecureSkipVerify && !known.insecureSkipVerify && known.scheme === 'https';
    return isNew
      ? { address, action: 'change', set: { insecureSkipVerify: true } }
      : { address, action: 'keep', set: {} };
  }
  return {
    address,
    action: 'add',
    set: {
      deliver: 'nodes',
      ...(isPlainHttp(wanted, mirrors) && { scheme: 'http' }),
      ...(insecureSkipVerify && { insecureSkipVerify: true }),
    },
  };
}

/** Its own mirror entry reaches it by http, and nothing says that it also speaks TLS. */
function isPlainHttp(wanted: WantedRegistry, mirrors: readonly NodeConfigMirror[]): boolean {
  if (wanted.insecureSkipVerify || wanted.hasFiles) return false;
  const own = mirrors.find(({ registry }) => registry === wanted.address);
  const schemes = (own?.endpoints ?? [])
    .map(parseNodeEndpoint)
    .filter((endpoint) => endpoint?.host === wanted.address)
    .map((endpoint) => endpoint?.scheme);
  return schemes.length > 0 && schemes.every((scheme) => scheme === 'http');
}

/** The enabled registries as they will be. */
function afterImport(
  planned: readonly PlannedRegistry[],
  wanted: readonly WantedRegistry[],
  known: ReadonlyMap<string, KnownRegistry>,
): readonly KnownRegistry[] {
  const logins = new Set(wanted.filter(({ login }) => login !== null).map((w) => w.address));
  const touched = planned.map(({ address, set }): KnownRegistry => {
    const before = known.get(address) ?? { ...newRegistry, address };
    return { ...before, ...set, hasLogin: before.hasLogin || logins.has(address) };
  });
  const byAddress = new Map([...known.values(), ...touched].map((each) => [each.address, each]));
  return [...byAddress.values()].filter(({ state }) => state === 'enabled');
}

const newRegistry: Omit<KnownRegistry, 'address'> = {
  state: 'enabled',
  deliver: 'nodes',
  scheme: 'https',
  insecureSkipVerify: false,
  hasCaCertificate: false,
  hasClientCertificate: false,
  hasLogin: false,
};

/** What is written anyway is not stored; what is stored already and leads to the same stays. */
function planMirrors(
  wanted: readonly NodeConfigMirror[],
  environment: ImportEnvironment,
  registries: readonly KnownRegistry[],
  { distribution, named }: { distribution: NodeDistribution; named: readonly PlannedRegistry[] },
): readonly PlannedMirror[] {
  const stored = new Map(environment.mirrors.map((mirror) => [mirror.registry, mirror]));
  const hosts = new Set(registries.map(({ address }) => address));
  // A registry without settings implies nothing, so its mirror is in the list from the start.
  const certain = wanted.filter(({ registry }) => registry === '*' || !hosts.has(registry));
  const base = new Map([...environment.mirrors, ...certain].map((each) => [each.registry, each]));
  const rendered = renderMirrors(
    { registries: registries.map(nodeRegistryOf), mirrors: [...base.values()] },
    distribution,
  );
  const planned = wanted.flatMap((mirror): PlannedMirror[] => {
    const before = stored.get(mirror.registry);
    const isImplied = !certain.includes(mirror) && isRendered(mirror, rendered);
    if (before === undefined) return isImplied ? [] : [{ ...mirror, action: 'add' }];
    const stays = isImplied || hasSameMeaning(before, mirror);
    return [{ ...mirror, action: stays ? 'keep' : 'change' }];
  });
  return [...planned, ...keepOffWildcard(wanted, named, new Set(base.keys()), rendered)];
}

/**
 * In the file a registry with settings and without a mirror of its own is not reached through the `*`
 * mirror, because it has a directory of its own on the node. The renderer would repeat that mirror for
 * it; an own mirror without endpoints keeps it as it is.
 */
function keepOffWildcard(
  wanted: readonly NodeConfigMirror[],
  named: readonly PlannedRegistry[],
  present: ReadonlySet<string>,
  rendered: ReadonlyMap<string, unknown>,
): readonly PlannedMirror[] {
  const names = new Set(wanted.map(({ registry }) => registry));
  if (!names.has('*')) return [];
  return named
    .filter(({ address }) => rendered.has(address))
    .filter(({ address }) => !names.has(address) && !present.has(address))
    .map(({ address }) => ({ registry: address, endpoints: [], rewrites: [], action: 'add' }));
}

/** Endpoints in the same order; rewrites in any, since nodes keep them without one. */
function hasSameMeaning(a: NodeConfigMirror, b: NodeConfigMirror): boolean {
  const rules = ({ rewrites }: NodeConfigMirror) =>
    rewrites.map(({ pattern, replacement }) => JSON.stringify([pattern, replacement])).toSorted();
  return JSON.stringify([a.endpoints, rules(a)]) === JSON.stringify([b.endpoints, rules(b)]);
}
