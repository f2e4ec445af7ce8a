/**
 * Which login goes with a pull. The kubelet looks through the pod's pull secrets first; if one
 * matches, containerd offers it to every host of that pull and never looks at the node's own logins.
 * Otherwise containerd takes the node's login for the host that it asks.
 *
 * Sources: kubernetes `pkg/kubelet/images`, containerd `internal/cri/server/images/image_pull.go`.
 *
 * Does not handle: kubelet credential provider plugins.
 */
import { matchKeysForRepository } from '../credential-match.js';
import { type DockerConfigEntry, decodeDockerConfig, readDockerConfig } from '../docker-config.js';
import { summarizeAuth } from '../registries-yaml/containerd-auth.js';
import type { AuthSpec, RegistriesFile } from '../registries-yaml/registries-file.js';
import { decodeUtf8Base64 } from '../utf8-base64.js';
import type { AttemptCredential, PullWarning } from './pull-plan.js';
import { pullWarning } from './pull-warning.js';

export interface PodCredentials {
  /** In the order in which the kubelet tries them; empty when nothing matches. */
  readonly matched: readonly AttemptCredential[];
  readonly warnings: readonly PullWarning[];
}

/** The pull secrets that match a normalised `registry/repository`. */
export function matchPullSecrets(secrets: readonly unknown[], repository: string): PodCredentials {
  const decoded = secrets.map(decodeSecret);
  const entries = decoded.flatMap((secret) => secret ?? []);
  const keys = [...new Set(entries.map((entry) => entry.key))];
  const matched = matchKeysForRepository(keys, repository)
    .flatMap((key) => entries.filter((entry) => entry.key === key))
    .map(({ key, username }) => ({
      from: `pull-secret ${key}`,
      ...(username !== null && { username }),
    }));
  const unreadable = decoded.filter((secret) => secret === null).length;
  return {
    matched,
    warnings:
      unreadable === 0
        ? []
        : [
            pullWarning('pull-plan.pull-secret-unreadable', {
              message: `${unreadable} of the pull secrets cannot be read and do not count.`,
              parameters: { count: String(unreadable) },
            }),
          ],
  };
}

/** The node's login for a host, as containerd looks it up. */
export function nodeCredential(file: RegistriesFile, key: string): AttemptCredential | null {
  const auth = file.configs.get(key)?.auth;
  return auth ? presentLogin(auth, key) : null;
}

/** Null for an empty block: that is anonymous. */
export function presentLogin(auth: AuthSpec, key: string): AttemptCredential | null {
  const { username, kinds } = summarizeAuth(auth);
  if (username === undefined && kinds.length === 0) {
    return null;
  }
  const from = `registries.yaml configs[${JSON.stringify(key)}]`;
  return username === undefined ? { from } : { from, username };
}

function decodeSecret(secret: unknown): readonly DockerConfigEntry[] | null {
  if (typeof secret !== 'string') {
    const read = readDockerConfig(secret);
    return read.ok ? read.value.entries : null;
  }
  const isJson = secret.trimStart().startsWith('{');
  const text = isJson ? secret : decodeUtf8Base64(secret);
  const read = text === null ? null : decodeDockerConfig(text);
  return read?.ok ? read.value.entries : null;
}
