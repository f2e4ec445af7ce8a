import type { NodeConfigImportReport } from '@moorage/contract';
import type { ImportPlan } from '@moorage/core';
import { presentDiagnostic } from '../tools/tools.presenter.js';

/** Field by field: a login's secret has no way into the report. */
export function presentImport(
  plan: ImportPlan,
  unchanged: ReadonlySet<string>,
  applied: boolean,
): NodeConfigImportReport {
  return {
    applied,
    registries: plan.registries.map(({ address, action, set }) => ({
      address,
      action,
      changes: [
        ...(set.deliver === undefined ? [] : ['deliver']),
        ...(set.scheme === undefined ? [] : ['connection.scheme']),
        ...(set.insecureSkipVerify === undefined ? [] : ['connection.insecureSkipVerify']),
      ],
    })),
    credentials: plan.logins.map(({ address, username }) => ({
      address,
      username,
      action: unchanged.has(address) ? 'keep' : 'add',
    })),
    mirrors: plan.mirrors.map(({ registry, action, endpoints, rewrites }) => ({
      registry,
      action,
      endpoints: [...endpoints],
      rewrites: rewrites.map(({ pattern, replacement }) => ({ pattern, replacement })),
    })),
    notImported: plan.notImported.map((part) => ({
      code: part.code,
      path: part.path,
      line: part.line,
      column: part.column,
      detail: part.detail,
      parameters: { ...part.parameters },
    })),
    diagnostics: plan.diagnostics.map(presentDiagnostic),
  };
}
