/**
 * K3s and RKE2 releases, and since which patch releases a feature works. Features arrive in the
 * patch releases of several Kubernetes minors at once, so a gate is one patch number per minor.
 *
 * Sources: K3s and RKE2 release notes; the version gates in K3s' documentation.
 *
 * Does not handle: release candidates, which count as the release itself.
 */
import { Err, Ok, type Result } from '../result.js';

export interface Release {
  readonly minor: number;
  readonly patch: number;
}

export interface ReleaseGate {
  /** First patch of each minor that has the feature; later minors have it from .0 on. */
  readonly from: readonly Release[];
  /** As people know it: `v1.26.15, v1.27.12, …`. */
  readonly text: string;
}

/** Reads `v1.29.3+k3s1`, `1.29.3`, `v1.31.4+rke2r1`. */
export function parseRelease(text: string): Result<Release, string> {
  const match = /^v?1\.(\d{1,3})\.(\d{1,3})(?:[-+].*)?$/.exec(text.trim());
  return match === null
    ? Err('not a version like v1.31.4+k3s1')
    : Ok({ minor: Number(match[1]), patch: Number(match[2]) });
}

export function hasFeature(release: Release, gate: ReleaseGate): boolean {
  const own = gate.from.find((first) => first.minor === release.minor);
  if (own !== undefined) {
    return release.patch >= own.patch;
  }
  return release.minor > Math.max(...gate.from.map((first) => first.minor));
}

function buildGate(...versions: readonly `${number}.${number}`[]): ReleaseGate {
  const from = versions.map((version) => {
    const [minor = 0, patch = 0] = version.split('.').map(Number);
    return { minor, patch };
  });
  return { from, text: versions.map((version) => `v1.${version}`).join(', ') };
}

export const gates = {
  /** March and April 2021. */
  rewrite: buildGate('20.6'),
  /** January 2024: certs.d instead of inline mirrors, with the disable flag and the embedded registry. */
  certsDirectory: buildGate('26.13', '27.10', '28.6', '29.1'),
  /** March 2024: also removes duplicates and folds a last default endpoint. */
  wildcard: buildGate('26.15', '27.12', '28.8', '29.3'),
  /** July 2025: a login under `docker.io` is used for registry-1.docker.io. */
  dockerHubAlias: buildGate('32.7', '33.3'),
} as const satisfies Readonly<Record<string, ReleaseGate>>;

/** The March 2024 releases write a `hosts.toml` that containerd rejects for a configs-only registry. */
export function breaksConfigsOnly(release: Release): boolean {
  return gates.wildcard.from.some(
    ({ minor, patch }) => release.minor === minor && release.patch === patch,
  );
}
