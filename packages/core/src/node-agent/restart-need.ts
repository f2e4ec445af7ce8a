/**
 * What a node still needs for its files to be in effect. Mirrors and certificates are read on every
 * pull; logins are read when K3s, RKE2 or containerd starts: K3s and RKE2 print them into
 * containerd's `config.toml` then, and drive a containerd of their own, so it takes a restart of them.
 *
 * Source: K3s `pkg/agent/containerd/config.go`, `pkg/agent/templates/templates.go`.
 *
 * Does not handle: settings of other files that take effect with the same restart.
 */
import { formatAuthStanzas } from '../registries-yaml/containerd-auth.js';
import { loadRegistriesYaml } from '../registries-yaml/load.js';
import type { AgentDistribution } from './agent-place.js';

export type RestartNeed = 'none' | 'live' | 'containerd' | 'k3s';

/**
 * The part of the file with the logins that is read only at a start: equal for two contents exactly
 * when a restart between them changes nothing. Holds secrets; for hashing, never for showing.
 */
export function readAtStart(distribution: AgentDistribution, content: string | null): string {
  if (content === null) return '';
  if (distribution === 'containerd') {
    const lines = content.split('\n').filter((line) => !line.startsWith('#') && line.trim() !== '');
    return lines.join('\n');
  }
  const { loads, file } = loadRegistriesYaml(content);
  // One that does not load stops the start: whatever differs in it matters.
  return loads ? formatAuthStanzas(file, (secret) => secret.reveal()) : content;
}

export interface RestartQuestion {
  readonly distribution: AgentDistribution;
  /** Digest of what was read at the last start; null when there never was anything of ours. */
  readonly loaded: string | null;
  readonly present: string;
}

export function findRestartNeed({ distribution, loaded, present }: RestartQuestion): RestartNeed {
  if (loaded === null) return 'none';
  if (loaded === present) return 'live';
  return distribution === 'containerd' ? 'containerd' : 'k3s';
}
