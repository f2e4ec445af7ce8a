import type { AuditEntry, SettingName } from '@moorage/contract';
import type { SettingChange } from '../actions';

// Written out, as a value of the contract would bring its schemas to the browser.
const NAMES: Readonly<Record<SettingName, true>> = {
  'registry.whitelist': true,
  'registry.default': true,
  'policy.mode': true,
  'policy.default-registry-at': true,
};

function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(NAMES, name);
}

/** The setting that an entry of the audit is about; null when it is about something else. */
export function settingOf({ object }: AuditEntry): SettingName | null {
  return isSettingName(object.name) ? object.name : null;
}

function isNotes(value: unknown): value is Readonly<Record<string, string>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What brings back the state before a change; null where its record does not tell. */
export function changeBack(entry: AuditEntry): SettingChange | null {
  const name = settingOf(entry);
  const value = entry.changes.value?.before;
  const notes = entry.changes.notes?.before;
  if (name === null || (typeof value !== 'string' && value !== null)) return null;
  const hasNotes = name === 'registry.whitelist' && value !== null && isNotes(notes);
  return { name, value, ...(hasNotes ? { notes } : {}) };
}
