/** What a change of one setting would make of every environment, and why it may not be made. Pure. */
import type { SettingName } from '@moorage/contract';
import type { PolicyConflict, PolicyEntry } from '@moorage/core';
import { formatDefaultRegistry } from '@moorage/core';
import { type EnvironmentPolicy, policiesOf } from './effective-policies.js';
import type { SettingFault } from './setting-values.js';
import type { LevelRow } from './settings.repository.js';
import { combineStored } from './stored-policy.js';

export interface SettingChange {
  /** Null = the installation's. */
  readonly environmentId: string | null;
  readonly name: SettingName;
  /** In stored form; null = inherited. */
  readonly value: string | null;
}

/** The stored levels as they would be. */
export function withChange(levels: readonly LevelRow[], change: SettingChange): LevelRow[] {
  return levels.map((level) => {
    if (level.environmentId !== change.environmentId) return level;
    const { [change.name]: _, ...others } = level.values;
    const values = change.value === null ? others : { ...others, [change.name]: change.value };
    return { ...level, values };
  });
}

/** What an environment asks for with this very change and does not get: it narrows and strengthens. */
export function findWidening(after: readonly LevelRow[], change: SettingChange): SettingFault[] {
  if (change.environmentId === null) return [];
  const policy = policiesOf(after).find(
    ({ environmentId }) => environmentId === change.environmentId,
  );
  if (policy === undefined || !policy.combined.ok) return [];
  return policy.combined.value.overruled
    .filter(({ setting }) => setting === change.name)
    .map(({ setting, value, detail }) => ({
      code: setting === 'policy.mode' ? 'policy.weaker-mode' : 'policy.wider-entry',
      entry: value,
      detail: `"${value}": ${detail}`,
    }));
}

export interface FoundConflict {
  /** Null = the installation's own settings contradict each other. */
  readonly environmentName: string | null;
  readonly conflict: PolicyConflict;
}

/** A contradiction that the change would make; one that is there already does not stop others. */
export function findConflict(
  before: readonly LevelRow[],
  after: readonly LevelRow[],
  change: SettingChange,
): FoundConflict | null {
  const own = conflictOfInstallation(after);
  if (own !== null && conflictOfInstallation(before) === null) {
    return { environmentName: null, conflict: own };
  }
  const known = new Set(
    policiesOf(before).flatMap(({ environmentId, combined }) =>
      combined.ok ? [] : [environmentId],
    ),
  );
  for (const { environmentId, environmentName, combined } of policiesOf(after)) {
    const isWritten = change.environmentId === environmentId && change.value !== null;
    if (!combined.ok && (isWritten || !known.has(environmentId))) {
      return { environmentName, conflict: combined.error };
    }
  }
  return null;
}

function conflictOfInstallation(levels: readonly LevelRow[]): PolicyConflict | null {
  const installation = levels.find(({ environmentId }) => environmentId === null);
  const combined = combineStored(installation?.values ?? {}, {});
  return combined.ok ? null : combined.error;
}

export interface DefaultRegistryOf {
  readonly environmentId: string;
  readonly environmentName: string;
  readonly registry: string;
}

/** Which environments have a default registry, and which of them have another one than before. */
export function defaultRegistries(
  before: readonly LevelRow[],
  after: readonly LevelRow[],
): { readonly all: readonly DefaultRegistryOf[]; readonly changed: ReadonlySet<string> } {
  const old = new Map(
    policiesOf(before).map((policy) => [policy.environmentId, defaultOf(policy)]),
  );
  const all = policiesOf(after).flatMap((policy) => {
    const { environmentId, environmentName } = policy;
    const registry = formatDefaultRegistry(defaultOf(policy));
    return registry === '' ? [] : [{ environmentId, environmentName, registry }];
  });
  const changed = all.filter(
    ({ environmentId, registry }) =>
      formatDefaultRegistry(old.get(environmentId) ?? null) !== registry,
  );
  return { all, changed: new Set(changed.map(({ environmentId }) => environmentId)) };
}

function defaultOf({ combined }: EnvironmentPolicy): PolicyEntry | null {
  return combined.ok ? combined.value.policy.defaultRegistry : null;
}
