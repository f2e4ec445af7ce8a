/**
 * Traps in rewrites: rules that are skipped, misread, or win by chance.
 *
 * Sources: Go `regexp`; K3s `pkg/agent/templates/templates.go`; wharfie `rewrite`.
 *
 * Does not handle: deciding for every name whether two rules meet; it tries names made from the
 * patterns themselves and a few usual ones.
 */

import { shown, visibleText } from '../../finding-parameters.js';
import {
  compileRewritePattern,
  prepareRewrite,
  type RewriteOutcome,
  type RewriteRule,
  unknownReplacementGroups,
} from '../../rewrite.js';
import { isPortableRule, portablePattern, viewThroughToml } from '../../rewrite-portability.js';
import { writtenOutSize } from '../../rewrite-size.js';
import { type Finding, found } from '../diagnostic.js';
import type { MirrorSpec, PlacedRule } from '../registries-file.js';
import { type Rule, type RuleContext } from './rule.js';

export const checkRewrites: Rule = (context) => {
  const mirrors = [...context.file.mirrors].filter(([, mirror]) => mirror.rewrites.length > 0);
  const share = Math.max(2, Math.floor(maxRulesCompared / Math.max(mirrors.length, 1)));
  return mirrors.flatMap(([name, mirror]) => [
    ...mirror.rewrites.flatMap((rule) => checkRule(name, rule)),
    ...checkAmbiguity(name, mirror, share),
    ...checkUse(context, name, mirror),
  ]);
};

function checkRule(name: string, rule: PlacedRule): readonly Finding[] {
  const path = ['mirrors', name, 'rewrite', rule.pattern];
  const compiled = compileRewritePattern(rule.pattern);
  if (!compiled.ok) {
    return [
      found('warning', 'rewrite-does-not-compile', path, rule.at, {
        message: `This rule is skipped: ${visibleText(compiled.error)}.`,
        suggestion:
          'Use RE2 syntax, which has no look-around, backreferences or possessive repeats.',
        parameters: { error: visibleText(compiled.error) },
      }),
    ];
  }
  return [...checkToml(path, rule), ...checkGroups(path, rule)];
}

function checkToml(path: readonly string[], rule: PlacedRule): readonly Finding[] {
  if (isPortableRule(rule)) {
    return [];
  }
  const other = portablePattern(rule.pattern);
  const portable = other === null || other === rule.pattern ? '' : visibleText(other);
  const form = portable === '' ? 'none' : 'portable';
  const suggestion =
    portable === '' ? 'Write the rule without backslashes and quotes.' : `Write "${portable}".`;
  const view = viewThroughToml(rule);
  return view.parses
    ? [
        found('warning', 'rewrite-misread', path, rule.at, {
          message: `In hosts.toml the backslash is an escape: containerd reads ${shown(view.patternSeen ?? '')} → ${shown(view.replacementSeen ?? '')}.`,
          suggestion,
          parameters: {
            patternSeen: visibleText(view.patternSeen ?? ''),
            replacementSeen: visibleText(view.replacementSeen ?? ''),
            form,
            portable,
          },
        }),
      ]
    : [
        found('error', 'rewrite-breaks-hosts-toml', path, rule.at, {
          message:
            'The backslash or quote makes containerd reject the whole hosts.toml: every mirror of this registry is ignored.',
          suggestion,
          parameters: { form, portable },
        }),
      ];
}

function checkGroups(path: readonly string[], rule: PlacedRule): readonly Finding[] {
  return unknownReplacementGroups(rule).map((group) => {
    const digits = /^([0-9]+)[^0-9]/.exec(group)?.[1];
    const instead =
      digits === undefined ? '' : visibleText(`\${${digits}}${group.slice(digits.length)}`);
    return found('warning', 'rewrite-unknown-group', path, rule.at, {
      message: `The replacement names the group ${shown(group)}, which the pattern does not have; it becomes empty.`,
      suggestion:
        instead === ''
          ? 'Number the groups from 1, in the order of their opening parentheses.'
          : `Write ${instead}: a group's name runs to the last letter, digit or underscore.`,
      parameters: {
        group: visibleText(group),
        form: instead === '' ? 'none' : 'braces',
        instead,
      },
    });
  });
}

// Rules compared in one document: the work grows with their square. A name is tried for each part of a
// pattern, so long patterns are compared in smaller number. Two hundred of a usual length are.
const maxRulesCompared = 200;
const maxStepsOfComparison = 6_000_000;

function checkAmbiguity(name: string, mirror: MirrorSpec, share: number): readonly Finding[] {
  const rules = comparable(
    mirror.rewrites.slice(0, share),
    maxStepsOfComparison * (share / maxRulesCompared),
  );
  if (rules.length < 2) {
    return [];
  }
  const samples = samplesOf(rules);
  const outcomes = rules.map((rule) => samples.map(prepareRewrite(rule)));
  return rules.flatMap((rule, index) => {
    for (const [earlier, other] of rules.slice(0, index).entries()) {
      const at = samples.findIndex((_, column) =>
        differ(outcomes[index]?.[column], outcomes[earlier]?.[column]),
      );
      const sample = samples[at];
      if (sample !== undefined) {
        return [ambiguity(name, rule, other, sample)];
      }
    }
    return [];
  });
}

/** As many of the first rules as can be tried on all names of theirs in so many steps. */
function comparable(rules: readonly PlacedRule[], maxSteps: number): readonly PlacedRule[] {
  let sizes = 0;
  let lengths = 0;
  const end = rules.findIndex((rule) => {
    sizes += writtenOutSize(rule.pattern);
    lengths += samplesOf([rule]).join('').length;
    return sizes * lengths > maxSteps;
  });
  return end < 0 ? rules : rules.slice(0, end);
}

function samplesOf(rules: readonly RewriteRule[]): readonly string[] {
  return [...new Set([...usualNames, ...rules.flatMap(sampleNames)])];
}

function differ(a: RewriteOutcome | undefined, b: RewriteOutcome | undefined): boolean {
  return a?.changed === true && b?.changed === true && a.result !== b.result;
}

function ambiguity(
  registry: string,
  rule: PlacedRule,
  other: RewriteRule,
  sample: string,
): Finding {
  return found(
    'warning',
    'rewrite-ambiguous',
    ['mirrors', registry, 'rewrite', rule.pattern],
    rule.at,
    {
      message: `For ${shown(sample)} this rule and ${shown(other.pattern)} both apply; which one wins is undefined and may change from pull to pull.`,
      suggestion: 'Make the patterns exclude each other.',
      parameters: { name: visibleText(sample), other: visibleText(other.pattern) },
    },
  );
}

const usualNames = ['library/nginx', 'rancher/pause', 'team/app', 'app'];

/** Names that the pattern plausibly stands for: its literal text, with something for the rest. */
function sampleNames({ pattern }: RewriteRule): readonly string[] {
  const literal = pattern
    .replace(/\[\.\]|\\\./g, '.')
    .replace(/\(\?[^)]*?[:>]|[()^$]/g, '')
    .replace(/\[[^\]]*\][*+?]?|\.[*+?]|\\[a-zA-Z][*+?]?/g, 'app')
    .replace(/[*+?]|\{[0-9,]*\}/g, '');
  const alternatives = literal.split('|').slice(0, 3);
  return alternatives.flatMap((text) => [text, `${text}/app`]);
}

function checkUse(context: RuleContext, name: string, mirror: MirrorSpec): readonly Finding[] {
  const [first] = mirror.rewrites;
  const directory = context.built.hosts.get(name === '*' ? '_default' : name);
  const isUsed = directory?.endpoints.some((endpoint) => endpoint.rewrites.length > 0) ?? false;
  if (first === undefined || isUsed) {
    return [];
  }
  const isPlainHost = name !== '*' && name !== 'docker.io' && !name.includes(':');
  const own = isPlainHost ? visibleText(`https://${name}:443`) : '';
  return [
    found('warning', 'rewrite-without-endpoint', ['mirrors', name, 'rewrite'], first.at, {
      message:
        'No endpoint uses these rewrites: they apply neither to the default endpoint nor to the embedded registry.',
      suggestion:
        own === ''
          ? 'Add the mirror that has the rewritten names as an endpoint.'
          : `Add a mirror as an endpoint; for the registry itself write ${own}.`,
      parameters: { form: own === '' ? 'mirror' : 'own', url: own },
    }),
  ];
}
