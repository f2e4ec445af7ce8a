/**
 * Turns the mirrors of an environment into `mirrors` entries: one per registry, endpoints without
 * repeats, rules that both engines read as written.
 *
 * Does not handle: order among rewrites. Nodes keep them in a map; rules that depend on order are
 * reported by the checker.
 */
import { canonicalRegistry } from '../docker-hub.js';
import { isRegistryName } from '../image-reference.js';
import { compileRewritePattern, type RewriteRule } from '../rewrite.js';
import { isPortableRule, portablePattern } from '../rewrite-portability.js';
import { parseNodeEndpoint } from './endpoint.js';
import type {
  NodeConfigDiagnostic,
  NodeConfigMirror,
  NodeConfigModel,
  NotExpressible,
} from './model.js';

export interface MirrorEntry {
  readonly registry: string;
  readonly endpoints: readonly string[];
  readonly rewrites: readonly RewriteRule[];
}

export interface MirrorEntries {
  /** By registry name, `*` last. */
  readonly entries: readonly MirrorEntry[];
  readonly notExpressible: readonly NotExpressible[];
  readonly diagnostics: readonly NodeConfigDiagnostic[];
}

export function buildMirrorEntries(model: NodeConfigModel): MirrorEntries {
  const names = new Set(model.mirrors.map((mirror) => canonicalRegistry(mirror.registry)));
  // A name becomes a directory on the node: nothing but a host, a port and the wildcard may pass.
  const usable = [...names].filter((name) => name === '*' || isRegistryName(name));
  const merged = usable.map((registry) =>
    mergeMirrors(
      registry,
      model.mirrors.filter((mirror) => canonicalRegistry(mirror.registry) === registry),
    ),
  );
  return {
    entries: sortEntries(merged.map(({ entry }) => entry)),
    notExpressible: merged.flatMap(({ notExpressible }) => notExpressible),
    diagnostics: [
      ...[...names].filter((name) => !usable.includes(name)).map(invalidRegistry),
      ...merged.flatMap(({ diagnostics }) => diagnostics),
    ],
  };
}

function mergeMirrors(registry: string, mirrors: readonly NodeConfigMirror[]) {
  const written = mirrors.flatMap((mirror) => mirror.endpoints);
  const endpoints = written.map(parseNodeEndpoint).filter((endpoint) => endpoint !== null);
  const expressed = mirrors.flatMap((mirror) => mirror.rewrites).map(expressRule);
  const rules = expressed.filter((rule) => typeof rule !== 'string');
  const entry: MirrorEntry = {
    registry,
    endpoints: [...new Set(endpoints.map((endpoint) => endpoint.text))],
    rewrites: sortRules(rules),
  };
  return {
    entry,
    notExpressible: expressed
      .filter((reason) => typeof reason === 'string')
      .map((reason) => ({ code: 'node-config.rewrite', detail: `${registry}: ${reason}` })),
    diagnostics: written
      .filter((endpoint) => parseNodeEndpoint(endpoint) === null)
      .map((endpoint) => invalidEndpoint(registry, endpoint)),
  };
}

/** By name, so that the order of the mirrors in an environment changes nothing on nodes. */
export function sortEntries(entries: readonly MirrorEntry[]): readonly MirrorEntry[] {
  return entries.toSorted((a, b) => {
    if (a.registry === '*' || b.registry === '*') {
      return a.registry === b.registry ? 0 : a.registry === '*' ? 1 : -1;
    }
    return a.registry < b.registry ? -1 : 1;
  });
}

// Of two rules with one pattern the first counts: nodes keep rules in a map.
function sortRules(rules: readonly RewriteRule[]): readonly RewriteRule[] {
  return rules
    .filter((rule, index) => rules.findIndex((r) => r.pattern === rule.pattern) === index)
    .toSorted((a, b) => (a.pattern < b.pattern ? -1 : 1));
}

// A rule that TOML would read differently breaks every mirror of its registry, so it is written in
// a form without backslashes or not at all.
function expressRule(rule: RewriteRule): RewriteRule | string {
  const compiled = compileRewritePattern(rule.pattern);
  if (!compiled.ok) {
    return `the pattern ${JSON.stringify(rule.pattern)} is no RE2 expression: ${compiled.error}`;
  }
  if (isPortableRule(rule)) {
    return rule;
  }
  const pattern = portablePattern(rule.pattern);
  const portable = pattern === null ? null : { pattern, replacement: rule.replacement };
  if (portable !== null && isPortableRule(portable)) {
    return portable;
  }
  return `the rule ${JSON.stringify(rule.pattern)} → ${JSON.stringify(rule.replacement)} needs a backslash, quote or control character, which nodes would misread`;
}

function invalidRegistry(name: string): NodeConfigDiagnostic {
  return {
    severity: 'error',
    code: 'node-config.registry-invalid',
    path: `mirrors.${name}`,
    message: `The mirror for ${JSON.stringify(name)} is left out: that is no registry's address.`,
    suggestion: 'Write host[:port], or * for every registry without its own mirror.',
  };
}

function invalidEndpoint(registry: string, written: string): NodeConfigDiagnostic {
  return {
    severity: 'error',
    code: 'node-config.endpoint-invalid',
    path: `mirrors.${registry}`,
    message: `The endpoint ${JSON.stringify(written)} is left out: it is not [scheme://]host[:port][/path].`,
    suggestion: 'Write for example https://mirror.example.com:5000',
  };
}
