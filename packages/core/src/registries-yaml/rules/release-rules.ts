/**
 * Features of the file that the node's release does not have yet.
 *
 * Source: K3s and RKE2 release notes; see `release.ts`.
 *
 * Does not handle: a file without a stated version; then only what is wrong in every release is told.
 */
import type { Finding, PathSegment, Position } from '../diagnostic.js';
import { breaksConfigsOnly, gates, hasFeature, type ReleaseGate } from '../release.js';
import { documentStart, found, type Rule, shown } from './rule.js';

export const checkRelease: Rule = ({ file, built, options, release }) => {
  if (release === null) {
    return [];
  }
  const findings: Finding[] = [];
  const need = (
    gate: ReleaseGate,
    what: string,
    path: readonly PathSegment[],
    at: Position,
  ): void => {
    if (!hasFeature(release, gate)) {
      const message = `${what} works from ${gate.text} on; this node is older.`;
      findings.push(found('warning', 'release-too-old', path, at, { message }));
    }
  };
  for (const section of ['mirrors', 'configs'] as const) {
    const wildcard = file[section].get('*');
    if (wildcard !== undefined) {
      need(gates.wildcard, 'The "*" entry', [section, '*'], wildcard.at);
    }
  }
  for (const [name, mirror] of file.mirrors) {
    const [rule] = mirror.rewrites;
    if (rule !== undefined) {
      need(gates.rewrite, 'rewrite', ['mirrors', name, 'rewrite'], rule.at);
    }
  }
  if (options.disableDefaultEndpoint) {
    need(gates.certsDirectory, '--disable-default-registry-endpoint', [], documentStart);
  }
  if (options.embeddedRegistry !== null) {
    need(gates.certsDirectory, 'The embedded registry', [], documentStart);
  }
  const lone = [...built.hosts].filter(([, host]) => host.endpoints.length === 0);
  return breaksConfigsOnly(release)
    ? [...findings, ...lone.flatMap(([name]) => brokenConfig(name, file.configs.get(name)?.at))]
    : findings;
};

function brokenConfig(name: string, at: Position | undefined): readonly Finding[] {
  return [
    found('error', 'release-breaks-configs', ['configs', name], at ?? documentStart, {
      message: `This release writes a hosts.toml for ${shown(name)} that containerd rejects, because the registry has settings and no mirror.`,
      suggestion: 'Update the node to the next patch release.',
    }),
  ];
}
