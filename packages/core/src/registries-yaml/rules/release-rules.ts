/**
 * Features of the file that the node's release does not have yet.
 *
 * Source: K3s and RKE2 release notes; see `release.ts`.
 *
 * Does not handle: a file without a stated version; then only what is wrong in every release is told.
 */
import { shown, visibleText } from '../../finding-parameters.js';
import {
  documentStart,
  type Finding,
  found,
  type PathSegment,
  type Position,
} from '../diagnostic.js';
import { breaksConfigsOnly, gates, hasFeature, type ReleaseGate } from '../release.js';
import { type Rule } from './rule.js';

const features = {
  wildcard: 'The "*" entry',
  rewrite: 'rewrite',
  disableDefault: '--disable-default-registry-endpoint',
  embedded: 'The embedded registry',
} as const;

export const checkRelease: Rule = ({ file, built, options, release }) => {
  if (release === null) {
    return [];
  }
  const findings: Finding[] = [];
  const need = (
    gate: ReleaseGate,
    feature: keyof typeof features,
    path: readonly PathSegment[],
    at: Position,
  ): void => {
    if (!hasFeature(release, gate)) {
      findings.push(
        found('warning', 'release-too-old', path, at, {
          message: `${features[feature]} works from ${gate.text} on; this node is older.`,
          parameters: { feature, from: gate.text },
        }),
      );
    }
  };
  for (const section of ['mirrors', 'configs'] as const) {
    const wildcard = file[section].get('*');
    if (wildcard !== undefined) {
      need(gates.wildcard, 'wildcard', [section, '*'], wildcard.at);
    }
  }
  for (const [name, mirror] of file.mirrors) {
    const [rule] = mirror.rewrites;
    if (rule !== undefined) {
      need(gates.rewrite, 'rewrite', ['mirrors', name, 'rewrite'], rule.at);
    }
  }
  if (options.disableDefaultEndpoint) {
    need(gates.certsDirectory, 'disableDefault', [], documentStart);
  }
  if (options.embeddedRegistry !== null) {
    need(gates.certsDirectory, 'embedded', [], documentStart);
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
      parameters: { registry: visibleText(name) },
    }),
  ];
}
