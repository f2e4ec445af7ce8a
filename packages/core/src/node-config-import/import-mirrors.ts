/**
 * The `mirrors` of a file as mirrors of an environment, within what may be stored there.
 *
 * Does not handle: an order among rewrites. A node has none, and neither has the file.
 */
import { isDockerHub } from '../docker-hub.js';
import { visibleText } from '../finding-parameters.js';
import { parseNodeEndpoint } from '../node-config/endpoint.js';
import type { NodeConfigMirror } from '../node-config/model.js';
import type { MirrorSpec, PlacedRule, RegistriesFile } from '../registries-yaml/registries-file.js';
import { parseRegistryAddress } from '../registry-host.js';
import { compileRewritePattern } from '../rewrite.js';
import { leftBehind, type Place } from './left-behind.js';
import type { NotImported } from './model.js';

export interface WantedMirrors {
  readonly mirrors: readonly NodeConfigMirror[];
  readonly notImported: readonly NotImported[];
}

// As the API takes them for one mirror and for a preview of all.
const maxMirrors = 500;
const maxEndpoints = 50;
const maxEndpointLength = 2048;
const maxRewrites = 100;
const maxRuleLength = 1000;

export function readMirrors(file: RegistriesFile): WantedMirrors {
  const notImported: NotImported[] = [];
  const mirrors = new Map<string, NodeConfigMirror>();
  for (const [name, spec] of file.mirrors) {
    const place: Place = { path: ['mirrors', name], at: spec.at };
    const registry = readName(name, place);
    if (typeof registry !== 'string') {
      notImported.push(registry);
    } else if (mirrors.size >= maxMirrors) {
      notImported.push(
        leftBehind('node-config-import.too-many-mirrors', place, {
          detail: `At most ${maxMirrors} mirrors are imported at once.`,
          parameters: { limit: String(maxMirrors) },
        }),
      );
    } else {
      const endpoints = readEndpoints(spec, place, notImported);
      const rewrites = readRewrites(spec, place, notImported);
      mirrors.set(registry, { registry, endpoints, rewrites });
    }
  }
  return { mirrors: [...mirrors.values()], notImported };
}

/** The registry of a mirror, or why there is none. Nodes compare the name letter by letter. */
function readName(name: string, place: Place): string | NotImported {
  if (name === '*') return name;
  if (isDockerHub(name) && name !== 'docker.io') {
    return leftBehind('node-config-import.mirror-docker-hub-name', place, {
      detail: `Images of Docker Hub have the registry docker.io; a mirror for ${name} serves none of them.`,
      parameters: { name },
    });
  }
  const parsed = parseRegistryAddress(name);
  const invalid = (reason: string, detail: string) =>
    leftBehind('node-config-import.mirror-name-invalid', place, {
      detail,
      parameters: { name: reason === 'address.userinfo' ? '' : visibleText(name), reason },
    });
  if (!parsed.ok) return invalid(parsed.error.code, parsed.error.detail);
  return parsed.value.address === name
    ? name
    : invalid(
        'path',
        `Nodes use a mirror only under its registry's address, ${parsed.value.address}.`,
      );
}

function readEndpoints(
  { endpoints }: MirrorSpec,
  { path }: Place,
  notImported: NotImported[],
): readonly string[] {
  const read: string[] = [];
  endpoints.forEach(({ text, at }, index) => {
    const place: Place = { path: [...path, 'endpoint', index], at };
    const endpoint = text.length > maxEndpointLength ? null : parseNodeEndpoint(text);
    if (endpoint === null) {
      notImported.push(
        // Not repeated: a user name and a password may be part of it.
        leftBehind('node-config-import.endpoint-invalid', place, {
          detail: 'This endpoint is not [scheme://]host[:port][/path].',
        }),
      );
    } else if (read.includes(endpoint.text)) {
      notImported.push(
        leftBehind('node-config-import.endpoint-repeated', place, {
          detail: `${endpoint.text} is in the list already; nodes ask it once.`,
          parameters: { endpoint: visibleText(endpoint.text) },
        }),
      );
    } else if (read.length >= maxEndpoints) {
      notImported.push(
        leftBehind('node-config-import.too-many-endpoints', place, {
          detail: `A mirror has at most ${maxEndpoints} endpoints.`,
          parameters: { limit: String(maxEndpoints) },
        }),
      );
    } else {
      read.push(endpoint.text);
    }
  });
  return read;
}

function readRewrites(
  { rewrites }: MirrorSpec,
  { path }: Place,
  notImported: NotImported[],
): readonly NodeConfigMirror['rewrites'][number][] {
  const usable = rewrites.filter((rule) => {
    const error = faultOf(rule);
    const place: Place = { path: [...path, 'rewrite', rule.pattern], at: rule.at };
    if (error !== null) notImported.push(invalidRule(place, error));
    return error === null;
  });
  for (const { pattern, at } of usable.slice(maxRewrites)) {
    notImported.push(
      leftBehind(
        'node-config-import.too-many-rewrites',
        { path: [...path, 'rewrite', pattern], at },
        {
          detail: `A mirror has at most ${maxRewrites} rewrites.`,
          parameters: { limit: String(maxRewrites) },
        },
      ),
    );
  }
  return usable.slice(0, maxRewrites).map(({ pattern, replacement }) => ({ pattern, replacement }));
}

function faultOf({ pattern, replacement }: PlacedRule): string | null {
  if (pattern === '') return 'the pattern is empty';
  if (Math.max(pattern.length, replacement.length) > maxRuleLength) {
    return `longer than ${maxRuleLength} characters`;
  }
  const compiled = compileRewritePattern(pattern);
  return compiled.ok ? null : compiled.error;
}

function invalidRule(place: Place, error: string): NotImported {
  return leftBehind('node-config-import.rewrite-invalid', place, {
    detail: `Nodes skip this rewrite: ${visibleText(error)}.`,
    parameters: { error: visibleText(error) },
  });
}
