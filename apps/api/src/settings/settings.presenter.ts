import { SETTING_NAMES, type Setting, type SettingName } from '@moorage/contract';
import { effectiveInEnvironment, effectiveInInstallation } from './setting-values.js';
import type { SettingRow } from './settings.repository.js';
import type { StoredValues } from './stored-policy.js';

/** `rows`: the installation's, and those of the environment if it is about one. */
export function presentSetting(
  name: SettingName,
  environmentId: string | null,
  rows: readonly SettingRow[],
): Setting {
  const row = storedRow(rows, name, environmentId);
  const installation = storedValues(rows, null);
  const counting =
    environmentId === null
      ? effectiveInInstallation(name, installation)
      : effectiveInEnvironment(name, installation, storedValues(rows, environmentId));
  return {
    name,
    value: row?.value ?? null,
    ...counting,
    notes: { ...row?.notes },
    version: row?.version ?? 0,
  };
}

export function presentSettings(
  environmentId: string | null,
  rows: readonly SettingRow[],
): Setting[] {
  return SETTING_NAMES.map((name) => presentSetting(name, environmentId, rows));
}

export function storedRow(
  rows: readonly SettingRow[],
  name: SettingName,
  environmentId: string | null,
): SettingRow | undefined {
  return rows.find((row) => row.name === name && row.environmentId === environmentId);
}

function storedValues(rows: readonly SettingRow[], environmentId: string | null): StoredValues {
  const own = rows.filter((row) => row.environmentId === environmentId);
  return Object.fromEntries(own.map(({ name, value }) => [name, value]));
}
