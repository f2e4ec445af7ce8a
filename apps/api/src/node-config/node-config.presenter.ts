import type { NodeConfig } from '@moorage/contract';
import type { NodeConfig as RenderedConfig } from '@moorage/core';

export function presentNodeConfig(
  config: RenderedConfig,
  secrets: 'masked' | 'included',
): NodeConfig {
  return {
    files: config.files.map(({ path, mode, content }) => ({ path, mode, content })),
    notExpressible: config.notExpressible.map(({ code, detail }) => ({ code, detail })),
    restart: config.restart,
    diagnostics: config.diagnostics.map(({ severity, code, path, message, suggestion }) => ({
      severity,
      code,
      path,
      line: null,
      column: null,
      message,
      suggestion,
    })),
    secrets,
  };
}
