/**
 * Renders what an environment wants of its nodes as K3s' or RKE2's `registries.yaml`, with the
 * certificate files that it points to.
 *
 * Shape: `mirrors.<registry>.{endpoint, rewrite}` and `configs.<host[:port]>.{auth, tls}`, where a
 * `configs` key is the host of an *endpoint*, and one host has one login. Source: wharfie
 * `pkg/registries/types.go`, K3s `pkg/agent/containerd/config.go`.
 *
 * Does not handle: logins for a part of a registry, order among rewrites, anything that would need
 * an escape in `hosts.toml` or `config.toml`. Such parts are left out and reported.
 */
import { checkRegistriesYaml } from '../registries-yaml/check.js';
import type { RegistriesYamlCode } from '../registries-yaml/codes.js';
import type { SecretText } from '../secret-text.js';
import { buildMirrorEntries, type MirrorEntry } from './mirror-entries.js';
import {
  maskedSecret,
  type NodeConfig,
  type NodeConfigDiagnostic,
  type NodeConfigModel,
  type NodeConfigOptions,
} from './model.js';
import { buildRegistryEntries, type RegistryEntry } from './registry-entries.js';
import { buildTlsFiles } from './tls-files.js';
import { findModelTraps } from './traps.js';
import { writeYamlDocument, type YamlMap } from './yaml-document.js';

/** Renders `registries.yaml` and its certificate files; the same model gives the same bytes. */
export function buildRegistriesYaml(
  model: NodeConfigModel,
  options: NodeConfigOptions,
): NodeConfig {
  const reveal = (secret: SecretText): string =>
    options.secrets === 'included' ? secret.reveal() : maskedSecret;
  const mirrors = buildMirrorEntries(model);
  const directory = `/etc/rancher/${options.distribution}`;
  const registries = buildRegistryEntries(model, mirrors.entries, {
    distribution: options.distribution,
    tlsDirectory: `${directory}/tls`,
  });
  const root = {
    mirrors: mirrorMap(registries.mirrors),
    configs: configMap(registries.entries, reveal),
  };
  const content = writeYamlDocument(fileComments(options), root);
  return {
    files: [
      { path: `${directory}/registries.yaml`, mode: '0600', content },
      ...buildTlsFiles(registries.entries, reveal),
    ],
    notExpressible: [...mirrors.notExpressible, ...registries.notExpressible],
    // K3s and RKE2 read the file only when they start.
    restart: 'k3s',
    // Found when they are asked for: it is most of the work, and delivery to nodes takes the files alone.
    get diagnostics() {
      return [
        ...mirrors.diagnostics,
        ...registries.diagnostics,
        ...findModelTraps(model, registries.mirrors),
        ...checkRendered(content, options),
      ];
    },
  };
}

// Found in the model already, in the model's words.
const toldBefore = new Set<RegistriesYamlCode>([
  'registries-yaml.pull-secret-beats-mirror',
  'registries-yaml.login-in-clear',
  'registries-yaml.config-not-for-mirrors',
  'registries-yaml.bootstrap-login-key',
]);

/** What the checker of `registries.yaml` says about the text that was made. */
function checkRendered(
  content: string,
  options: NodeConfigOptions,
): readonly NodeConfigDiagnostic[] {
  const report = checkRegistriesYaml({ document: content, distribution: options.distribution });
  return report.diagnostics
    .filter(({ code }) => !toldBefore.has(code))
    .map(({ severity, code, path, message, suggestion, parameters }) => ({
      severity,
      code,
      path,
      message,
      suggestion,
      parameters,
    }));
}

function fileComments(options: NodeConfigOptions): readonly string[] {
  const service = options.distribution === 'k3s' ? 'k3s or k3s-agent' : 'rke2-server or rke2-agent';
  const written = `Written by Moorage. Takes effect when ${service} is restarted.`;
  return options.secrets === 'included'
    ? [written]
    : [written, 'Secrets are masked here: with this text nodes cannot log in.'];
}

function mirrorMap(entries: readonly MirrorEntry[]): YamlMap {
  return Object.fromEntries(
    entries.map((entry) => [
      entry.registry,
      {
        ...(entry.endpoints.length > 0 && { endpoint: entry.endpoints }),
        ...(entry.rewrites.length > 0 && {
          rewrite: Object.fromEntries(entry.rewrites.map((r) => [r.pattern, r.replacement])),
        }),
      },
    ]),
  );
}

function configMap(
  entries: readonly RegistryEntry[],
  reveal: (secret: SecretText) => string,
): YamlMap {
  return Object.fromEntries(
    entries.map(({ key, credential, tls }) => [
      key,
      {
        ...(credential && {
          auth: { username: credential.username, password: reveal(credential.password) },
        }),
        ...(tls && {
          tls: {
            ...(tls.caPath && { ca_file: tls.caPath }),
            ...(tls.certPath && { cert_file: tls.certPath }),
            ...(tls.keyPath && { key_file: tls.keyPath }),
            ...(tls.insecureSkipVerify && { insecure_skip_verify: true }),
          },
        }),
      },
    ]),
  );
}
