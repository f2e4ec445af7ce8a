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
  type RewriteRule,
} from '@moorage/core';

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
  check: checkRegistriesYaml,
  pull: planPull,
  rewrite: tryRewrites,
} as const;

export type CoreTopic = keyof typeof coreAnswers;
export type CoreQuestion<K extends CoreTopic> = Parameters<(typeof coreAnswers)[K]>[0];
export type CoreAnswer<K extends CoreTopic> = ReturnType<(typeof coreAnswers)[K]>;
