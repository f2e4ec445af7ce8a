/**
 * Every warning that a pull plan can carry, with what its sentence names.
 *
 * Does not handle: the sentences.
 */
import type { CodeTable } from '../finding-parameters.js';

export const pullPlanCodes = {
  'pull-plan.registries-yaml-load-error': ['line'],
  'pull-plan.tag-ignored': ['tag'],
  // `reason`: stock, kept or bootstrap.
  'pull-plan.default-still-used': ['reason'],
  'pull-plan.wildcard-default': [],
  'pull-plan.hosts-toml-rejected': ['registry'],
  'pull-plan.http-fallback': ['host'],
  // `host` is empty where all mirrors are meant.
  'pull-plan.rewrite-ambiguous': ['scope', 'host', 'names'],
  'pull-plan.rewrite-ignored': [],
  'pull-plan.embedded-latest': [],
  'pull-plan.endpoint-skipped': ['reason'],
  'pull-plan.name-refused': ['name'],
  'pull-plan.registry-not-seen': ['registry'],
  'pull-plan.docker-hub-login-key': ['engine'],
  'pull-plan.pull-secret-unused': [],
  'pull-plan.pull-secret-unreadable': ['count'],
  'pull-plan.several-pull-secrets': ['used', 'others'],
  'pull-plan.pull-secret-beats-node-login': ['endpoint', 'used', 'host'],
} as const satisfies CodeTable;

export type PullPlanCode = keyof typeof pullPlanCodes;
