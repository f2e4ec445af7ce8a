/**
 * What it costs the nodes to get from one node config to the next.
 *
 * Sources: K3s and RKE2 read `registries.yaml` only when they start, and render from it both
 * containerd's logins (`config.toml`, read when containerd starts) and `hosts.toml` (read on every
 * pull). Certificate files are read whenever containerd opens a connection for a pull.
 *
 * Does not handle: how a restart is rolled over the nodes.
 */
import type { NodeFile, RestartCost } from './model.js';

/** The dearest step that any changed, added or removed file needs; `none` when nothing differs. */
export function compareNodeConfig(
  before: readonly NodeFile[],
  after: readonly NodeFile[],
): 'none' | RestartCost {
  const old = new Map(before.map((file) => [file.path, significant(file)]));
  const next = new Map(after.map((file) => [file.path, significant(file)]));
  const paths = new Set([...old.keys(), ...next.keys()]);
  const costs = [...paths].filter((path) => old.get(path) !== next.get(path)).map(costOf);
  return (['k3s', 'containerd', 'live'] as const).find((cost) => costs.includes(cost)) ?? 'none';
}

// A comment changes nothing on the node; secrets and certificates have no lines that start with #
// after the mask, and a key in PEM has none either.
function significant(file: NodeFile): string {
  return file.content
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n');
}

function costOf(path: string): RestartCost {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === 'registries.yaml') {
    return 'k3s';
  }
  return name === 'config.toml' || name === 'moorage-registries.toml' ? 'containerd' : 'live';
}
