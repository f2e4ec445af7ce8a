/**
 * What a rule of the checker sees, and how it reports. A rule looks at the loaded file and at what
 * engine A makes of it, and knows nothing of the text.
 *
 * Does not handle: faults of the text itself; the loader reports those.
 */
import type { Finding, PathSegment, Position } from '../diagnostic.js';
import { type EndpointAddress, normalizeEndpoint } from '../endpoint-address.js';
import type { HostConfigs, HostOptions } from '../hosts.js';
import type { ConfigSpec, MirrorSpec, RegistriesFile } from '../registries-file.js';
import type { Release } from '../release.js';

export interface RuleContext {
  readonly file: RegistriesFile;
  readonly built: HostConfigs;
  readonly options: HostOptions;
  /** Null when the node's version is not known. */
  readonly release: Release | null;
  /** Every endpoint that engine A can read, as the user wrote it (without the embedded registry). */
  readonly endpoints: readonly PlacedEndpoint[];
  readonly endpointHosts: ReadonlySet<string>;
}

export type Rule = (context: RuleContext) => readonly Finding[];

export interface PlacedEndpoint {
  readonly registry: string;
  readonly mirror: MirrorSpec;
  readonly index: number;
  readonly isLast: boolean;
  readonly at: Position;
  readonly path: readonly PathSegment[];
  readonly address: EndpointAddress;
}

export function buildRuleContext(
  subject: Omit<RuleContext, 'endpoints' | 'endpointHosts'>,
): RuleContext {
  const endpoints = placeEndpoints(subject.file, subject.options);
  const endpointHosts = new Set(endpoints.map(({ address }) => address.parsed.host));
  return { ...subject, endpoints, endpointHosts };
}

function placeEndpoints(file: RegistriesFile, options: HostOptions): readonly PlacedEndpoint[] {
  return [...file.mirrors].flatMap(([registry, mirror]) =>
    mirror.endpoints.flatMap(({ text, at }, index) => {
      const address = normalizeEndpoint(text, options.embeddedRegistry);
      const path = ['mirrors', registry, 'endpoint', index];
      const isLast = index === mirror.endpoints.length - 1;
      return address.ok
        ? [{ registry, mirror, index, isLast, at, path, address: address.value }]
        : [];
    }),
  );
}

/** The settings that engine A attaches to an endpoint. */
export function configOf(context: RuleContext, registry: string): ConfigSpec | undefined {
  const { configs } = context.file;
  const byHost = registry === 'docker.io' ? configs.get('registry-1.docker.io') : undefined;
  return byHost ?? configs.get(registry);
}
