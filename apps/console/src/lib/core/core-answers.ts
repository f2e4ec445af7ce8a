/**
 * Questions that the domain answers in the browser, so that what is pasted never leaves it. Loaded when
 * the first one is asked: parsers of YAML and of regular expressions are in here.
 */
import {
  checkRegistriesYaml,
  chooseRewrite,
  compileRewritePattern,
  parseImageReference,
  planPull,
  type RegistriesYamlQuestion,
  type RewriteRule,
  type Severity,
} from '@moorage/core';

/**
 * A file can name thousands of registries. What a page shows of them is less, and copying all from the
 * worker to the page would make typing stutter.
 */
const MAX_TOLD = 500;

/** What a node makes of a file: the first of everything, and how much there is. */
function check(question: RegistriesYamlQuestion) {
  const { valid, diagnostics, hosts } = checkRegistriesYaml(question);
  const count = (wanted: Severity) =>
    diagnostics.filter(({ severity }) => severity === wanted).length;
  return {
    valid,
    diagnostics: diagnostics.slice(0, MAX_TOLD),
    counts: { error: count('error'), warning: count('warning'), info: count('info') },
    hosts: Object.fromEntries(Object.entries(hosts).slice(0, MAX_TOLD)),
    hostCount: Object.keys(hosts).length,
  };
}

interface RewriteTrial {
  readonly image: string;
  readonly rules: readonly RewriteRule[];
}

/** What rules make of the repository of an image; null while the image is not one. */
function tryRewrites({ image, rules }: RewriteTrial) {
  const parsed = parseImageReference(image);
  if (!parsed.ok) return null;
  const { repository } = parsed.value;
  const { result, rule, otherResults } = chooseRewrite(rules, repository);
  const faults = rules.map(({ pattern }) => {
    const compiled = compileRewritePattern(pattern);
    return compiled.ok ? null : compiled.error;
  });
  return {
    repository,
    result,
    winner: rule === null ? -1 : rules.indexOf(rule),
    otherResults,
    faults,
  };
}

export const coreAnswers = {
  check,
  pull: planPull,
  rewrite: tryRewrites,
} as const;

export type CoreTopic = keyof typeof coreAnswers;
export type CoreQuestion<K extends CoreTopic> = Parameters<(typeof coreAnswers)[K]>[0];
export type CoreAnswer<K extends CoreTopic> = ReturnType<(typeof coreAnswers)[K]>;
