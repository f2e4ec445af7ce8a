/**
 * Rewrites of repository names as nodes apply them: a Go regular expression (RE2 syntax,
 * unanchored) and a replacement, evaluated like Go's `Regexp.ReplaceAllString`. A JavaScript RegExp
 * is no substitute: it replaces an empty match that directly follows a match, leaves unknown groups
 * literal, and reads `(?P<n>`, `\A`, `\Q` and POSIX classes differently.
 *
 * Sources: Go `regexp` (`replaceAll`, `expand`, `extract`), K3s' containerd
 * `core/remotes/docker/resolver.go`, wharfie `pkg/registries/registries.go`.
 *
 * Does not handle: bytes that are not UTF-8 (Go works on bytes, JavaScript strings cannot hold them).
 */
import { RE2JS } from 're2js';
import { Err, Ok, type Result } from './result.js';
import { makeNamesDistinct } from './rewrite-groups.js';
import { writtenOutSize } from './rewrite-size.js';

/** One rule of a mirror: a Go regular expression and what replaces each of its matches. */
export interface RewriteRule {
  readonly pattern: string;
  readonly replacement: string;
}

export interface RewriteOutcome {
  /** The name asked for; the input itself when nothing applied. */
  readonly result: string;
  readonly changed: boolean;
  readonly compiles: boolean;
  /** Why the pattern does not compile, in RE2's words. */
  readonly error: string | null;
}

export interface RuleChoice {
  readonly result: string;
  /** The rule that changed the name, or null when none did. */
  readonly rule: RewriteRule | null;
  /**
   * Results of further rules that would also change the name. Nodes keep rules in an unordered map,
   * so any of these may win.
   */
  readonly otherResults: readonly string[];
}

// Registries refuse names over 255 characters (distribution/reference); a pattern or a replacement
// of four times that has no honest use, nor have counted repeats that stand for more than a name has:
// they are written out when a pattern is compiled. The caps bound the work of a preview.
const maxPatternLength = 1024;
const maxRepeated = 255;
const maxInputLength = 4096;
const maxResultLength = 65_536;

interface CompiledPattern {
  readonly expression: RE2JS;
  /** Numbers of the groups with each name. */
  readonly groups: ReadonlyMap<string, readonly number[]>;
}

/** Compiles a pattern as Go would, or says why Go would not. */
export function compileRewritePattern(pattern: string): Result<CompiledPattern, string> {
  if (pattern.length > maxPatternLength) {
    return Err(`pattern longer than ${maxPatternLength} characters`);
  }
  if (writtenOutSize(pattern) > pattern.length + maxRepeated) {
    return Err(`repeats of more than ${maxRepeated} in all are not tried here`);
  }
  try {
    const distinct = makeNamesDistinct(pattern);
    const expression = RE2JS.compile(distinct.pattern);
    const groups = new Map<string, readonly number[]>();
    for (const [name, number] of Object.entries(expression.namedGroups())) {
      const original = distinct.originals.get(name) ?? name;
      const numbers = [...(groups.get(original) ?? []), number];
      groups.set(
        original,
        numbers.toSorted((a, b) => a - b),
      );
    }
    return Ok({ expression, groups });
  } catch (error) {
    return Err(error instanceof Error ? error.message : 'pattern does not compile');
  }
}

/** What one rule makes of one repository path; a rule that does not compile leaves it unchanged. */
export function applyRewrite(rule: RewriteRule, repository: string): RewriteOutcome {
  return prepareRewrite(rule)(repository);
}

/** The same for many paths: the pattern is compiled once. */
export function prepareRewrite(rule: RewriteRule): (repository: string) => RewriteOutcome {
  const compiled = compileRewritePattern(rule.pattern);
  return (repository) => {
    const unchanged = { result: repository, changed: false };
    if (!compiled.ok) {
      return { ...unchanged, compiles: false, error: compiled.error };
    }
    if (repository.length > maxInputLength || rule.replacement.length > maxPatternLength) {
      return { ...unchanged, compiles: true, error: 'input too long' };
    }
    const result = replaceAll(compiled.value, rule.replacement, repository);
    return { result, changed: result !== repository, compiles: true, error: null };
  };
}

/**
 * What a mirror's rules make of a repository path: the first rule that changes the name wins. The
 * order here is the order given; nodes have none, which is why the other results are told.
 */
export function chooseRewrite(rules: readonly RewriteRule[], repository: string): RuleChoice {
  const changes = rules
    .map((rule) => ({ rule, outcome: applyRewrite(rule, repository) }))
    .filter(({ outcome }) => outcome.changed);
  const [first, ...rest] = changes;
  if (first === undefined) {
    return { result: repository, rule: null, otherResults: [] };
  }
  const others = rest.map(({ outcome }) => outcome.result);
  const differing = others.filter((result) => result !== first.outcome.result);
  return { result: first.outcome.result, rule: first.rule, otherResults: [...new Set(differing)] };
}

/** Group names and numbers that a replacement refers to and the pattern does not have. */
export function unknownReplacementGroups(rule: RewriteRule): readonly string[] {
  const compiled = compileRewritePattern(rule.pattern);
  if (!compiled.ok) {
    return [];
  }
  const { groups, expression } = compiled.value;
  const count = expression.groupCount();
  const unknown = templateParts(rule.replacement).flatMap((part) => {
    if (part.kind === 'number' && part.group > count) {
      return [String(part.group)];
    }
    return part.kind === 'name' && !groups.has(part.name) ? [part.name] : [];
  });
  return [...new Set(unknown)];
}

function replaceAll(pattern: CompiledPattern, replacement: string, source: string): string {
  const parts = templateParts(replacement);
  const matcher = pattern.expression.matcher(source);
  let output = '';
  let lastMatchEnd = 0;
  let searchFrom = 0;
  while (searchFrom <= source.length && matcher.find(searchFrom)) {
    const start = matcher.start();
    const end = matcher.end();
    output += source.slice(lastMatchEnd, start);
    // Go drops a match of the empty string immediately after another match.
    if (end > lastMatchEnd || start === 0) {
      output += parts.map((part) => expand(part, matcher, pattern.groups)).join('');
    }
    if (output.length > maxResultLength) {
      return output.slice(0, maxResultLength);
    }
    lastMatchEnd = end;
    const width = (source.codePointAt(searchFrom) ?? 0) > 0xffff ? 2 : 1;
    searchFrom = searchFrom + width > end ? searchFrom + width : end;
  }
  return output + source.slice(lastMatchEnd);
}

type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly group: number }
  | { readonly kind: 'name'; readonly name: string };

type Matcher = ReturnType<RE2JS['matcher']>;

function expand(part: TemplatePart, matcher: Matcher, groups: CompiledPattern['groups']): string {
  if (part.kind === 'text') {
    return part.text;
  }
  const numbers = part.kind === 'number' ? [part.group] : (groups.get(part.name) ?? []);
  const taken = numbers
    .filter((number) => number <= matcher.groupCount())
    .map((number) => matcher.group(number))
    .find((text) => text !== null && text !== undefined);
  return taken ?? '';
}

// `$name` takes the longest run of letters, digits and underscores, so `$1x` is the group "1x".
const groupName = /^(?:\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/u;

function templateParts(template: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let rest = template;
  for (;;) {
    const dollar = rest.indexOf('$');
    if (dollar < 0) {
      parts.push({ kind: 'text', text: rest });
      return parts;
    }
    parts.push({ kind: 'text', text: rest.slice(0, dollar) });
    rest = rest.slice(dollar + 1);
    if (rest.startsWith('$')) {
      parts.push({ kind: 'text', text: '$' });
      rest = rest.slice(1);
      continue;
    }
    const match = groupName.exec(rest);
    // A dollar without a name is ordinary text.
    parts.push(
      match === null ? { kind: 'text', text: '$' } : groupPart(match[1] ?? match[2] ?? ''),
    );
    rest = rest.slice(match === null ? 0 : match[0].length);
  }
}

function groupPart(name: string): TemplatePart {
  // Leading zeros make a name of it; Go gives up on numbers from one hundred million on.
  const isNumber = /^(?:0|[1-9][0-9]{0,8})$/.test(name);
  return isNumber ? { kind: 'number', group: Number(name) } : { kind: 'name', name };
}
