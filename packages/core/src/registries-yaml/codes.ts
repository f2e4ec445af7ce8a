/**
 * Every code that the loader and the checker of `registries.yaml` can tell, with what its sentence
 * names. Codes are stable: people filter by them, and other languages have a sentence for each.
 *
 * Does not handle: severity, which may depend on the node's release.
 */
import type { CodeTable } from '../finding-parameters.js';

export const registriesYamlCodes = {
  // Loading. `problem` is one of `loadProblems`; `wanted` and `found` are filled for `type`.
  'registries-yaml.load-error': ['problem', 'wanted', 'found'],
  'registries-yaml.document-too-large': [],
  'registries-yaml.second-document': [],
  'registries-yaml.findings-cut': [],
  'registries-yaml.indentation-lost': [],
  'registries-yaml.unknown-key': ['key', 'hint', 'instead'],
  'registries-yaml.token-ignored': [],
  'registries-yaml.duplicate-key': ['key'],
  'registries-yaml.auths-unused': [],
  'registries-yaml.loose-boolean': ['written', 'meaning'],
  // The node's release.
  'registries-yaml.version-unreadable': ['version'],
  'registries-yaml.release-too-old': ['feature', 'from'],
  'registries-yaml.release-breaks-configs': ['registry'],
  // Mirrors.
  'registries-yaml.registry-invalid': ['registry', 'reason'],
  'registries-yaml.mirror-not-a-registry': ['name', 'reason', 'form', 'instead'],
  'registries-yaml.mirror-index-docker-io': [],
  'registries-yaml.mirror-registry-1-docker-io': [],
  'registries-yaml.mirror-without-endpoint': ['shields', 'disabled'],
  'registries-yaml.pull-secret-beats-mirror': ['scope', 'registry'],
  'registries-yaml.hosts-toml-rejected': ['registry'],
  // Endpoints.
  'registries-yaml.endpoint-invalid': ['reason'],
  'registries-yaml.duplicate-endpoint': [],
  'registries-yaml.endpoint-without-host': ['url'],
  'registries-yaml.endpoint-scheme': ['scheme'],
  'registries-yaml.endpoint-userinfo': ['host'],
  'registries-yaml.endpoint-query': [],
  'registries-yaml.endpoint-index-docker-io': [],
  'registries-yaml.endpoint-ipv6': [],
  'registries-yaml.endpoint-trailing-slash': ['url'],
  'registries-yaml.endpoint-path-is-api-root': ['path', 'root', 'project'],
  'registries-yaml.default-not-last': [],
  'registries-yaml.http-with-tls': [],
  'registries-yaml.login-in-clear': [],
  // Rewrites.
  'registries-yaml.rewrite-does-not-compile': ['error'],
  'registries-yaml.rewrite-misread': ['patternSeen', 'replacementSeen', 'form', 'portable'],
  'registries-yaml.rewrite-breaks-hosts-toml': ['form', 'portable'],
  'registries-yaml.rewrite-unknown-group': ['group', 'form', 'instead'],
  'registries-yaml.rewrite-ambiguous': ['name', 'other'],
  'registries-yaml.rewrite-without-endpoint': ['form', 'url'],
  // Logins and TLS settings.
  'registries-yaml.config-key-not-a-host': ['key', 'form', 'instead'],
  'registries-yaml.config-near-miss': ['key', 'host'],
  'registries-yaml.config-not-for-mirrors': ['registry', 'mirror'],
  'registries-yaml.config-shields-from-wildcard': ['registry'],
  'registries-yaml.config-empty': [],
  'registries-yaml.disable-default-defeated': ['registry'],
  'registries-yaml.docker-hub-login-key': ['reason', 'from'],
  'registries-yaml.cert-without-key': [],
  'registries-yaml.key-without-cert': [],
  'registries-yaml.auth-empty': [],
  'registries-yaml.auth-without-password': [],
  'registries-yaml.auth-not-base64': [],
  'registries-yaml.auth-breaks-config-toml': [],
  // The wildcard.
  'registries-yaml.wildcard-login-unused': ['form', 'host'],
  'registries-yaml.wildcard-config-lost': ['form', 'host'],
  'registries-yaml.wildcard-config-not-for-mirrors': ['form', 'host'],
  // RKE2's own first pull.
  'registries-yaml.bootstrap-login-key': [],
  'registries-yaml.bootstrap-uses-default': [],
  'registries-yaml.bootstrap-cleans-path': ['path'],
} as const satisfies CodeTable;

export type RegistriesYamlCode = keyof typeof registriesYamlCodes;

/** A code without the family's name, as rules write it. */
export type RuleCode = RegistriesYamlCode extends `registries-yaml.${infer S}` ? S : never;
