import type { NodeConfig, NodeConfigPreview } from '@moorage/contract';
import type { NodeConfigPreview as CorePreview, NodeConfig as RenderedConfig } from '@moorage/core';

export function presentNodeConfig(
  config: RenderedConfig,
  secrets: 'masked' | 'included',
): NodeConfig {
  return {
    files: config.files.map(({ path, mode, content }) => ({ path, mode, content })),
    notExpressible: config.notExpressible.map(({ code, detail, parameters }) => ({
      code,
      detail,
      parameters: { ...parameters },
    })),
    restart: config.restart,
    diagnostics: config.diagnostics.map((finding) => ({
      severity: finding.severity,
      code: finding.code,
      path: finding.path,
      line: null,
      column: null,
      message: finding.message,
      suggestion: finding.suggestion,
      parameters: { ...finding.parameters },
    })),
    secrets,
  };
}

export function presentNodeConfigPreview(preview: CorePreview): NodeConfigPreview {
  return {
    ...presentNodeConfig(preview.config, 'masked'),
    cost: preview.cost,
    costWithAgent: preview.costWithAgent,
    changedFiles: preview.changedFiles.map(({ path, change }) => ({ path, change })),
  };
}
