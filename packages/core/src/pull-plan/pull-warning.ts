/**
 * Builds a warning of a pull plan, held to the table of codes.
 *
 * Does not handle: when to warn.
 */
import { visibleText, type WithParameters } from '../finding-parameters.js';
import type { PullPlanCode, pullPlanCodes } from './codes.js';
import type { PullWarning } from './pull-plan.js';

export function pullWarning<C extends PullPlanCode>(
  code: C,
  { message, parameters }: { readonly message: string } & WithParameters<typeof pullPlanCodes, C>,
): PullWarning {
  return { code, message, parameters: parameters ?? {} };
}

/** Several rewrites change the name; nodes keep them in no order. */
export function ambiguousRewrite(host: string | null, names: readonly string[]): PullWarning {
  const asked = names.map(visibleText).join(', ');
  return pullWarning('pull-plan.rewrite-ambiguous', {
    message: `Several rewrites apply; ${host ?? 'a mirror'} may be asked for any of: ${asked}.`,
    parameters: { scope: host === null ? 'mirrors' : 'host', host: host ?? '', names: asked },
  });
}
