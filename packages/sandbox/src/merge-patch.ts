/** JSON merge patch, RFC 7386: null removes, objects merge, everything else (lists too) replaces. */
import { isRecord } from './kube-object.js';

export function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const result: Record<string, unknown> = isRecord(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    // `__proto__` as a key would set the prototype; no Kubernetes object has a field of that name.
    if (key === '__proto__') continue;
    if (value === null) delete result[key];
    else result[key] = applyMergePatch(result[key], value);
  }
  return result;
}
