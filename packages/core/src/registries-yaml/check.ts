/**
 * Checks a `registries.yaml` and shows what a node makes of it: findings with their places, the
 * certs.d directories with their `hosts.toml`, and the logins that reach containerd. Silent failures
 * are the point: a file that loads can still do nothing of what was meant.
 *
 * Sources: see `load.ts`, `hosts.ts`, `hosts-toml.ts`, `containerd-auth.ts` and the rules.
 *
 * Does not handle: reaching any registry, or reading a node.
 */
import { shown, visibleText } from '../finding-parameters.js';
import { hideUrlLogins } from '../hide-login.js';
import { type AuthSummary, summarizeAuth, summarizeContainerdAuth } from './containerd-auth.js';
import { maxFindings } from './decoder.js';
import {
  type Diagnostic,
  documentStart,
  type Finding,
  found,
  sortDiagnostics,
  toDiagnostic,
} from './diagnostic.js';
import { buildHostConfigs, type HostEndpoint, type HostOptions } from './hosts.js';
import { formatHostsToml } from './hosts-toml.js';
import { findingsCut, loadRegistriesYaml } from './load.js';
import { parseRelease } from './release.js';
import { checkConfigs } from './rules/config-rules.js';
import { checkDistribution } from './rules/distribution-rules.js';
import { checkEndpoints } from './rules/endpoint-rules.js';
import { checkMirrors } from './rules/mirror-rules.js';
import { checkRelease } from './rules/release-rules.js';
import { checkRewrites } from './rules/rewrite-rules.js';
import { buildRuleContext, type Rule } from './rules/rule.js';
import { checkWildcard } from './rules/wildcard-rules.js';

export interface RegistriesYamlQuestion {
  readonly document: string;
  readonly distribution: 'k3s' | 'rke2';
  /** As the node reports it: `v1.31.4+k3s1`. */
  readonly version?: string | undefined;
  readonly disableDefaultEndpoint?: boolean | undefined;
  /** `host:port` of the embedded registry on the node, `127.0.0.1:6443`. */
  readonly embeddedRegistry?: string | undefined;
}

export interface CheckedEndpoint {
  readonly url: string | null;
  readonly overridePath: boolean;
  readonly rewrites: Readonly<Record<string, string>>;
  readonly tls: {
    readonly caFile?: string;
    readonly certFile?: string;
    readonly keyFile?: string;
    readonly insecureSkipVerify?: boolean;
  } | null;
  readonly auth: AuthSummary | null;
}

export interface CheckedHost {
  readonly default: CheckedEndpoint | null;
  readonly endpoints: readonly CheckedEndpoint[];
  /** Byte for byte what the node writes, but for logins in URLs, which are not repeated. */
  readonly hostsToml: string;
}

export interface RegistriesYamlReport {
  /** False when something in the file certainly does not work. */
  readonly valid: boolean;
  readonly diagnostics: readonly Diagnostic[];
  /** By certs.d directory. */
  readonly hosts: Readonly<Record<string, CheckedHost>>;
  /** By `configs` key. */
  readonly containerdAuth: Readonly<Record<string, AuthSummary>>;
}

const rules: readonly Rule[] = [
  checkEndpoints,
  checkMirrors,
  checkRewrites,
  checkConfigs,
  checkWildcard,
  checkRelease,
  checkDistribution,
];

export function checkRegistriesYaml(question: RegistriesYamlQuestion): RegistriesYamlReport {
  const loaded = loadRegistriesYaml(question.document);
  const release = question.version === undefined ? null : parseRelease(question.version);
  const version =
    release !== null && !release.ok ? [unreadableVersion(question.version ?? '')] : [];
  if (!loaded.loads) {
    const diagnostics = sortDiagnostics([...loaded.diagnostics, ...version.map(toDiagnostic)]);
    return {
      valid: false,
      diagnostics: diagnostics.map(withoutLogin),
      hosts: {},
      containerdAuth: {},
    };
  }
  const options = hostOptionsOf(question);
  const built = buildHostConfigs(loaded.file, options);
  const context = buildRuleContext({
    file: loaded.file,
    built,
    options,
    release: release?.ok ? release.value : null,
  });
  const findings = [...version, ...rules.flatMap((rule) => rule(context))];
  const all = sortDiagnostics([...loaded.diagnostics, ...findings.map(toDiagnostic)]);
  const diagnostics =
    all.length > maxFindings ? [...all.slice(0, maxFindings), toDiagnostic(findingsCut)] : all;
  const hosts = [...built.hosts].map(([directory, host]): [string, CheckedHost] => [
    hideUrlLogins(directory),
    {
      default: host.default && presentEndpoint(host.default),
      endpoints: host.endpoints.map(presentEndpoint),
      hostsToml: hideUrlLogins(formatHostsToml(host, options.distribution)),
    },
  ]);
  return {
    valid: !all.some(({ severity }) => severity === 'error'),
    diagnostics: diagnostics.map(withoutLogin),
    hosts: Object.fromEntries(hosts),
    containerdAuth: Object.fromEntries(
      [...summarizeContainerdAuth(loaded.file)].map(([key, auth]) => [hideUrlLogins(key), auth]),
    ),
  };
}

export function hostOptionsOf(
  question: Omit<RegistriesYamlQuestion, 'document' | 'version'>,
): HostOptions {
  return {
    distribution: question.distribution,
    disableDefaultEndpoint: question.disableDefaultEndpoint ?? false,
    embeddedRegistry: question.embeddedRegistry || null,
  };
}

function unreadableVersion(version: string): Finding {
  return found('info', 'version-unreadable', [], documentStart, {
    message: `The version ${shown(version)} is not one like v1.31.4+k3s1; nothing was checked against it.`,
    parameters: { version: visibleText(version) },
  });
}

/** Keys and endpoints of the file stand in the path, and a login may stand in them. */
function withoutLogin(diagnostic: Diagnostic): Diagnostic {
  return { ...diagnostic, path: hideUrlLogins(diagnostic.path) };
}

function presentEndpoint(endpoint: HostEndpoint): CheckedEndpoint {
  const { url, overridePath, rewrites, tls, auth } = endpoint;
  return {
    url: url && hideUrlLogins(url),
    overridePath,
    rewrites: Object.fromEntries(rewrites.map((rule) => [rule.pattern, rule.replacement])),
    tls: tls && {
      ...(tls.caFile && { caFile: tls.caFile }),
      ...(tls.certFile && { certFile: tls.certFile }),
      ...(tls.keyFile && { keyFile: tls.keyFile }),
      ...(tls.insecureSkipVerify && { insecureSkipVerify: true }),
    },
    auth: auth && summarizeAuth(auth),
  };
}
