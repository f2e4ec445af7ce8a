/**
 * Builds what a renderer says about its result, held to the table of codes.
 *
 * Does not handle: findings of the `registries.yaml` checker, which come with everything.
 */
import { visibleText, type WithParameters } from '../finding-parameters.js';
import type { RewriteRule } from '../rewrite.js';
import type { NodeConfigCode, nodeConfigCodes } from './codes.js';
import type { NodeConfigDiagnostic, NotExpressible } from './model.js';

type Words<C extends NodeConfigCode> = {
  readonly message: string;
  readonly suggestion?: string;
} & WithParameters<typeof nodeConfigCodes, C>;

export function nodeFinding<C extends NodeConfigCode>(
  severity: NodeConfigDiagnostic['severity'],
  code: C,
  path: string,
  { message, suggestion, parameters }: Words<C>,
): NodeConfigDiagnostic {
  return {
    severity,
    code,
    path,
    message,
    suggestion: suggestion ?? null,
    parameters: parameters ?? {},
  };
}

type Left<C extends NodeConfigCode> = { readonly detail: string } & WithParameters<
  typeof nodeConfigCodes,
  C
>;

/** Something of the environment that a format has no words for. */
export function leftOut<C extends NodeConfigCode>(
  code: C,
  { detail, parameters }: Left<C>,
): NotExpressible {
  return { code, detail, parameters: parameters ?? {} };
}

/** The credential of a part of a registry, which no node can tell from that of the whole. */
export function scopedCredentialLeftOut(registry: string, scope: string): NotExpressible {
  return leftOut('node-config.scoped-credential', {
    detail: `The credential for ${registry}/${scope} stays off the nodes: a node knows one login per host. Pods use it through their pull secret.`,
    parameters: { registry, scope },
  });
}

/** A rewrite that a format cannot carry; `reason` is the format, or what is wrong with the rule. */
export function ruleLeftOut(
  registry: string,
  rule: RewriteRule,
  reason: 'syntax' | 'characters' | 'containerd' | 'crio' | 'docker',
  because: string,
  error = '',
): NotExpressible {
  return leftOut('node-config.rewrite', {
    detail: `${registry}: ${because}`,
    parameters: {
      registry,
      reason,
      pattern: visibleText(rule.pattern),
      replacement: visibleText(rule.replacement),
      error,
    },
  });
}
