/**
 * Tells what of a file the renderer of node config writes by itself, so that it need not be stored:
 * the http endpoint of a registry that speaks http, the copy of the `*` mirror for a registry with
 * settings, and the second `configs` key of a host that an endpoint spells with its port.
 *
 * Why: without it, importing what was rendered would add mirrors and registries that nobody made.
 *
 * Does not handle: anything that only looks alike; the renderer itself is asked.
 */
import { originOf, parseNodeEndpoint } from '../node-config/endpoint.js';
import { buildMirrorEntries, type MirrorEntry } from '../node-config/mirror-entries.js';
import type {
  NodeConfigMirror,
  NodeConfigRegistry,
  NodeDistribution,
} from '../node-config/model.js';
import { buildRegistryEntries } from '../node-config/registry-entries.js';
import { hasSameSettings, type WantedRegistry } from './import-registries.js';

/** What the environment would hold after the import, without the mirrors in question. */
export interface Afterwards {
  readonly registries: readonly NodeConfigRegistry[];
  readonly mirrors: readonly NodeConfigMirror[];
}

/** The mirrors that nodes would get, by registry. */
export function renderMirrors(
  { registries, mirrors }: Afterwards,
  distribution: NodeDistribution,
): ReadonlyMap<string, MirrorEntry> {
  const { entries } = buildMirrorEntries({ registries: [], mirrors });
  const tlsDirectory = `/etc/rancher/${distribution}/tls`;
  const target = { distribution, tlsDirectory };
  const written = buildRegistryEntries({ registries, mirrors }, entries, target);
  return new Map(written.mirrors.map((entry) => [entry.registry, entry]));
}

/** Whether nodes would get exactly this mirror anyway. */
export function isRendered(
  mirror: NodeConfigMirror,
  rendered: ReadonlyMap<string, MirrorEntry>,
): boolean {
  const [entry] = buildMirrorEntries({ registries: [], mirrors: [mirror] }).entries;
  const other = rendered.get(mirror.registry);
  return (
    JSON.stringify([entry?.endpoints, entry?.rewrites]) ===
    JSON.stringify([other?.endpoints, other?.rewrites])
  );
}

/** Registries that stand for another one of the same origin, which an endpoint spells differently. */
export function findAliases(
  wanted: readonly WantedRegistry[],
  mirrors: readonly NodeConfigMirror[],
  known: ReadonlySet<string>,
): ReadonlySet<string> {
  const endpoints = mirrors
    .flatMap((mirror) => mirror.endpoints)
    .map(parseNodeEndpoint)
    .filter((endpoint) => endpoint !== null && endpoint.scheme === 'https');
  const hosts = new Set(endpoints.map((endpoint) => endpoint?.host));
  const byOrigin = Map.groupBy(wanted, ({ address }) => httpsOrigin(address));
  const aliases = [...byOrigin.values()].flatMap((group) => {
    const main =
      group.find(({ address }) => known.has(address)) ??
      group.find(({ address }) => httpsOrigin(address) === `https://${address}`);
    return group.filter(
      (other) =>
        main !== undefined &&
        other !== main &&
        !known.has(other.address) &&
        hosts.has(other.address) &&
        hasSameSettings(main, other),
    );
  });
  return new Set(aliases.map(({ address }) => address));
}

function httpsOrigin(host: string): string {
  return originOf({ scheme: 'https', host });
}
