import type { ImageListPlan, PullPlan, RegistriesYamlReport } from '@moorage/contract';
import type {
  ImageListPlan as CoreImageList,
  PullPlan as CorePullPlan,
  RegistriesYamlReport as CoreReport,
} from '@moorage/core';

type WireEndpoint = RegistriesYamlReport['hosts'][string]['endpoints'][number];
type CoreEndpoint = CoreReport['hosts'][string]['endpoints'][number];
type CoreAuth = CoreReport['containerdAuth'][string];

export function presentReport(report: CoreReport): RegistriesYamlReport {
  return {
    valid: report.valid,
    diagnostics: report.diagnostics.map(presentDiagnostic),
    hosts: mapValues(report.hosts, (host) => ({
      default: host.default === null ? null : presentEndpoint(host.default),
      endpoints: host.endpoints.map(presentEndpoint),
      hostsToml: host.hostsToml,
    })),
    containerdAuth: mapValues(report.containerdAuth, presentAuth),
  };
}

export function presentDiagnostic(finding: CoreReport['diagnostics'][number]) {
  return {
    severity: finding.severity,
    code: finding.code,
    path: finding.path,
    line: finding.line,
    column: finding.column,
    message: finding.message,
    suggestion: finding.suggestion,
    parameters: { ...finding.parameters },
  };
}

export function presentPullPlan(plan: CorePullPlan): PullPlan {
  return {
    reference: plan.reference,
    directory: plan.directory,
    attempts: plan.attempts.map((attempt) => ({
      method: attempt.method,
      url: attempt.url,
      endpoint: attempt.endpoint,
      image: attempt.image,
      isDefault: attempt.isDefault,
      tls: attempt.tls,
      credential: attempt.credential,
    })),
    warnings: plan.warnings.map(({ code, message, parameters }) => ({
      code,
      message,
      parameters: { ...parameters },
    })),
  };
}

export function presentImageList(plan: CoreImageList): ImageListPlan {
  return {
    images: plan.images.map(({ line, source, target }) => ({ line, source, target })),
    problems: plan.problems.map(({ line, text, code, detail }) => ({ line, text, code, detail })),
    duplicates: plan.duplicates,
    mirrors: plan.mirrors.map(({ registry, endpoints, rewrites }) => ({
      registry,
      endpoints: [...endpoints],
      rewrites: rewrites.map(({ pattern, replacement }) => ({ pattern, replacement })),
    })),
    script: plan.script,
  };
}

function presentEndpoint({ url, overridePath, rewrites, tls, auth }: CoreEndpoint): WireEndpoint {
  return {
    url,
    overridePath,
    rewrites: { ...rewrites },
    tls,
    auth: auth === null ? null : presentAuth(auth),
  };
}

function presentAuth({ username, kinds }: CoreAuth) {
  return { ...(username === undefined ? {} : { username }), kinds: [...kinds] };
}

function mapValues<V, W>(
  record: Readonly<Record<string, V>>,
  present: (value: V) => W,
): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, present(value)]));
}
