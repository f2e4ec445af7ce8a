/**
 * Every code that the renderers of node config can tell, as a finding or as something that a format
 * cannot express, with what its sentence names. What the checker says of a rendered `registries.yaml`
 * keeps the checker's own codes.
 *
 * Does not handle: the sentences.
 */
import type { CodeTable } from '../finding-parameters.js';

export const nodeConfigCodes = {
  // The model.
  'node-config.registry-invalid': ['registry'],
  // `reason` is the code of an address error.
  'node-config.registry-address-invalid': ['reason'],
  'node-config.endpoint-invalid': ['registry', 'endpoint'],
  'node-config.http-with-tls': ['registry'],
  'node-config.client-key-missing': ['registry'],
  'node-config.http-endpoint-added': ['registry'],
  'node-config.wildcard-copied': ['registry'],
  'node-config.pull-secret-beats-mirror': ['registry', 'endpoint'],
  'node-config.rewrites-own-endpoint': ['registry'],
  'node-config.login-in-clear': ['registry', 'endpoint'],
  // The format.
  'node-config.logins-need-containerd-2': [],
  'node-config.merge': [],
  // What stays out. `target` and `reason` are fixed words.
  'node-config.rewrite': ['registry', 'reason', 'pattern', 'replacement', 'error'],
  'node-config.scoped-credential': ['registry', 'scope'],
  'node-config.unsafe-credential': ['registry'],
  'node-config.mirror': ['target', 'registry'],
  'node-config.endpoint-path': ['target', 'registry', 'endpoint'],
  'node-config.wildcard-mirror': [],
  'node-config.no-plugin': ['registry'],
} as const satisfies CodeTable;

export type NodeConfigCode = keyof typeof nodeConfigCodes;
