/**
 * Turns the mirrors of an environment into `mirrors` entries: one per registry, endpoints without
 * repeats, rules that both engines read as written.
 *
 * Does not handle: order among rewrites. Nodes keep them in a map; rules that depend on order are
 * reported by the checker.
 */
import { canonicalRegistry } from '../docker-hub.js';
import { shown, visibleText } from '../finding-parameters.js';
import { hideLogin } from '../hide-login.js';
import { isRegistryName } from '../image-reference.js';
import { compileRewritePattern, type RewriteRule } from '../rewrite.js';
import { isPortableRule, portablePattern } from '../rewrite-portability.js';
import { parseNodeEndpoint } from './endpoint.js';
import { nodeFinding, ruleLeftOut } from './finding.js';
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
  const expressed = mirrors
    .flatMap((mirror) => mirror.rewrites)
    .map((rule) => expressRule(registry, rule));
  const rules = expressed.filter((rule) => 'pattern' in rule);
  const entry: MirrorEntry = {
    registry,
    endpoints: [...new Set(endpoints.map((endpoint) => endpoint.text))],
    rewrites: sortRules(rules),
  };
  return {
    entry,
    notExpressible: expressed.filter((rule) => 'detail' in rule),
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
function expressRule(registry: string, rule: RewriteRule): RewriteRule | NotExpressible {
  const compiled = compileRewritePattern(rule.pattern);
  if (!compiled.ok) {
    const error = visibleText(compiled.error);
    return ruleLeftOut(
      registry,
      rule,
      'syntax',
      `the pattern ${shown(rule.pattern)} is no RE2 expression: ${error}.`,
      error,
    );
  }
  if (isPortableRule(rule)) {
    return rule;
  }
  const pattern = portablePattern(rule.pattern);
  const portable = pattern === null ? null : { pattern, replacement: rule.replacement };
  if (portable !== null && isPortableRule(portable)) {
    return portable;
  }
  return ruleLeftOut(
    registry,
    rule,
    'characters',
    `the rule ${shown(rule.pattern)} → ${shown(rule.replacement)} needs a backslash, quote or control character, which nodes would misread.`,
  );
}

function invalidRegistry(name: string): NodeConfigDiagnostic {
  return nodeFinding('error', 'node-config.registry-invalid', `mirrors.${name}`, {
    parameters: { registry: visibleText(name) },
    message: `The mirror for ${shown(name)} is left out: that is no registry's address.`,
    suggestion: 'Write host[:port], or * for every registry without its own mirror.',
  });
}

function invalidEndpoint(registry: string, written: string): NodeConfigDiagnostic {
  return nodeFinding('error', 'node-config.endpoint-invalid', `mirrors.${registry}`, {
    parameters: { registry, endpoint: visibleText(hideLogin(written)) },
    message: `The endpoint ${shown(hideLogin(written))} of ${registry} is left out: it is not [scheme://]host[:port][/path].`,
    suggestion: 'Write for example https://mirror.example.com:5000',
  });
}
