/**
 * Traps in `configs`: keys that match nothing, logins that are empty or unreadable, wildcard
 * settings that go nowhere.
 *
 * Sources: K3s `pkg/agent/containerd/config.go`, `pkg/agent/templates/templates.go`; containerd's CRI
 * image service for how a login is chosen.
 *
 * Does not handle: whether files named under `tls` exist on the node.
 */
import { shown, visibleText } from '../../finding-parameters.js';
import { userOfAuth } from '../containerd-auth.js';
import { type Finding, found } from '../diagnostic.js';
import { withoutLogin } from '../go-url.js';
import type { AuthSpec, ConfigSpec } from '../registries-file.js';
import { gates, hasFeature } from '../release.js';
import { insteadOf, keyWithoutLogin } from './host-name.js';
import { findNearMiss } from './near-miss.js';
import { type Rule, type RuleContext } from './rule.js';

export const checkConfigs: Rule = (context) =>
  [...context.file.configs].flatMap(([key, config]) => [
    ...(key === '*' ? [] : checkKey(context, key, config)),
    ...checkDockerHubKey(context, key, config),
    ...checkMirroredRegistry(context, key, config),
    ...checkShield(context, key, config),
    ...checkClientCertificate(key, config),
    ...checkEmpty(key, config),
    ...(config.auth === null ? [] : checkAuth(['configs', key, 'auth'], key, config.auth)),
  ]);

function checkKey(context: RuleContext, key: string, config: ConfigSpec): readonly Finding[] {
  const path = ['configs', key];
  if (!/^[A-Za-z0-9.:[\]-]+$/.test(key)) {
    const { form, host, suggestion } = insteadOf(key);
    return [
      found('warning', 'config-key-not-a-host', path, config.at, {
        message: `${shown(keyWithoutLogin(key))} matches no endpoint: a key is host[:port], without scheme, path or pattern.`,
        suggestion,
        parameters: { key: visibleText(keyWithoutLogin(key)), form, instead: host },
      }),
    ];
  }
  const near = findNearMiss(key, {
    hosts: context.endpointHosts,
    configs: context.file.configs,
    mirrors: context.file.mirrors,
  });
  return near === null
    ? []
    : [
        found('warning', 'config-near-miss', path, config.at, {
          message: `No endpoint has the host ${shown(key)}, so its settings are not used for ${shown(near)}: host and port must be equal letter by letter.`,
          suggestion: `Write ${shown(near)}.`,
          parameters: { key: visibleText(key), host: visibleText(near) },
        }),
      ];
}

function checkDockerHubKey(
  { file, release, options }: RuleContext,
  key: string,
  config: ConfigSpec,
): readonly Finding[] {
  const path = ['configs', key];
  if (config.auth === null) {
    return [];
  }
  if (key === 'docker.io' && !file.configs.has('registry-1.docker.io')) {
    const isUsed = release !== null && hasFeature(release, gates.dockerHubAlias);
    const message = `A login under docker.io is not used for pulls before July 2025 (${gates.dockerHubAlias.text}): containerd looks for the host registry-1.docker.io.`;
    const words = {
      message,
      suggestion: 'Use the key registry-1.docker.io, which works in every release.',
      parameters: { reason: 'alias', from: gates.dockerHubAlias.text },
    };
    return isUsed
      ? []
      : [
          found(
            release === null ? 'info' : 'warning',
            'docker-hub-login-key',
            path,
            config.at,
            words,
          ),
        ];
  }
  if (key === 'index.docker.io' && ![...file.mirrors.values()].some(hasIndexEndpoint)) {
    const message =
      'containerd asks registry-1.docker.io, never index.docker.io, so this login is not used for pulls.';
    const words = {
      message,
      suggestion: 'Use the key registry-1.docker.io.',
      parameters: { reason: 'index', from: '' },
    };
    return [found('warning', 'docker-hub-login-key', path, config.at, words)];
  }
  const isMissing = !file.configs.has('docker.io') && !file.configs.has('index.docker.io');
  if (key === 'registry-1.docker.io' && options.distribution === 'rke2' && isMissing) {
    const message = "RKE2's own first pull does not use this key.";
    const words = {
      message,
      suggestion: 'Repeat the entry under docker.io if nodes need it to start.',
    };
    return [found('info', 'bootstrap-login-key', path, config.at, words)];
  }
  return [];
}

function hasIndexEndpoint({ endpoints }: { endpoints: readonly { text: string }[] }): boolean {
  return endpoints.some(({ text }) => text.includes('index.docker.io'));
}

// People put the mirror's login under the name of the mirrored registry.
function checkMirroredRegistry(
  { file, built, options }: RuleContext,
  key: string,
  config: ConfigSpec,
): readonly Finding[] {
  const findings: Finding[] = [];
  const path = ['configs', key];
  const host = built.hosts.get(key);
  const bare = host?.endpoints.filter(({ auth, tls }) => auth === null && tls === null) ?? [];
  const mirror = withoutLogin(bare[0]?.url ?? '');
  const isMirrored = key !== '*' && file.mirrors.has(key) && bare.length > 0;
  if (isMirrored && (config.auth !== null || config.tls !== null)) {
    findings.push(
      found('info', 'config-not-for-mirrors', path, config.at, {
        message: `These settings are for the default endpoint of ${shown(key)}; its mirrors do not get them.`,
        suggestion: `Settings for a mirror stand under the mirror's own host: ${shown(mirror)}.`,
        parameters: { registry: visibleText(key), mirror: visibleText(mirror) },
      }),
    );
  }
  if (options.disableDefaultEndpoint && file.mirrors.has(key) && key !== '*') {
    findings.push(
      found('warning', 'disable-default-defeated', path, config.at, {
        message: `The default endpoint of ${shown(key)} stays in use although it is disabled: a registry with a configs entry keeps it.`,
        suggestion: 'Remove this entry, or accept the fallback.',
        parameters: { registry: visibleText(key) },
      }),
    );
  }
  return findings;
}

function checkShield(
  { file, built }: RuleContext,
  key: string,
  config: ConfigSpec,
): readonly Finding[] {
  const wildcard = built.hosts.get('_default');
  const endpoints = wildcard?.endpoints ?? [];
  const isShield = built.hosts.has(key) && !file.mirrors.has(key) && key !== 'registry-1.docker.io';
  const isMirrorItself = endpoints.some(({ url }) => url?.includes(`//${key}/`));
  if (key === '*' || endpoints.length === 0 || !isShield || isMirrorItself) {
    return [];
  }
  return [
    found('warning', 'config-shields-from-wildcard', ['configs', key], config.at, {
      message: `This entry gives ${shown(key)} a directory of its own, so the "*" mirror no longer applies to it.`,
      suggestion: `Repeat the endpoints of "*" under mirrors[${shown(key)}] if it is to be mirrored.`,
      parameters: { registry: visibleText(key) },
    }),
  ];
}

function checkEmpty(key: string, config: ConfigSpec): readonly Finding[] {
  if (config.auth !== null || config.tls !== null) {
    return [];
  }
  return [
    found('info', 'config-empty', ['configs', key], config.at, {
      message: 'This entry has no settings and does nothing; it exempts the registry from nothing.',
      suggestion: 'Remove it.',
    }),
  ];
}

function checkClientCertificate(key: string, { tls }: ConfigSpec): readonly Finding[] {
  if (tls === null || (tls.certFile === '') === (tls.keyFile === '')) {
    return [];
  }
  const path = ['configs', key, 'tls'];
  return tls.keyFile === ''
    ? [
        found('warning', 'cert-without-key', path, tls.at, {
          message:
            'Without key_file the key is expected inside the certificate file; RKE2’s first pull gives up the TLS settings.',
          suggestion: 'Add key_file.',
        }),
      ]
    : [
        found('error', 'key-without-cert', path, tls.at, {
          message:
            'A key without its certificate cannot be loaded: every pull of a registry with this endpoint fails, from its other endpoints as well.',
          suggestion: 'Add cert_file.',
        }),
      ];
}

function checkAuth(path: readonly string[], key: string, auth: AuthSpec): readonly Finding[] {
  const [password, encoded, token] = [auth.password, auth.auth, auth.identityToken].map((secret) =>
    secret.reveal(),
  );
  const findings: Finding[] = [];
  if (!auth.username && !encoded && !token) {
    findings.push(
      found('warning', 'auth-empty', path, auth.at, {
        message: 'This auth block holds nothing that is used: pulls are anonymous.',
        suggestion: 'Give username and password, or remove the block.',
      }),
    );
  } else if (auth.username && !password) {
    findings.push(
      found('warning', 'auth-without-password', path, auth.at, {
        message:
          'A user name without a password fails where the registry asks for Basic authentication.',
        suggestion: 'Add password.',
      }),
    );
  }
  if (!auth.username && !token && encoded && userOfAuth(auth.auth) === null) {
    findings.push(
      found('warning', 'auth-not-base64', path, auth.at, {
        message: 'auth is not base64 of user:password; it is not a token, and pulls fail with it.',
        suggestion: 'Write username and password instead.',
      }),
    );
  }
  // Go's %q writes such characters as \a, \v or \xNN, which TOML does not know.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters in question.
  const breaks = /[\u0000-\u0007\u000b\u000e-\u001f\u007f]/;
  if (
    [auth.username, password, encoded, token].some((text) => breaks.test(text ?? '')) ||
    key.includes("'")
  ) {
    findings.push(
      found('error', 'auth-breaks-config-toml', path, auth.at, {
        message:
          "A control character in this login (or a quote in its key) makes containerd's config.toml invalid: containerd does not start.",
        suggestion: 'Use a login without control characters.',
      }),
    );
  }
  return findings;
}
