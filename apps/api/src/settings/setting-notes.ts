/** Why entries of a whitelist are there: notes by entry, which leave with their entry. */
import type { SettingName } from '@moorage/contract';
import { Err, formatPolicyEntry, Ok, parsePolicyEntry, type Result } from '@moorage/core';
import { entriesOf, faultOf, type SettingFault } from './setting-values.js';
import type { SettingNotes } from './settings.repository.js';

export interface NotesInput {
  readonly name: SettingName;
  /** The value as it will be stored. */
  readonly value: string;
  /** As given; undefined = the stored ones stay. */
  readonly given: SettingNotes | undefined;
  readonly stored: SettingNotes;
}

/** The notes to store: an entry may be written in any of its forms, an empty note is none. */
export function decideNotes(input: NotesInput): Result<SettingNotes, readonly SettingFault[]> {
  const { name, value, given, stored } = input;
  if (name !== 'registry.whitelist') {
    const detail = 'Only entries of the whitelist have notes.';
    const isEmpty = Object.keys(given ?? {}).length === 0;
    return isEmpty ? Ok({}) : Err([{ code: 'notes.no-entries', detail }]);
  }
  const notes = new Map<string, string>();
  const faults: SettingFault[] = [];
  for (const [text, note] of Object.entries(given ?? stored)) {
    const parsed = parsePolicyEntry(text);
    if (!parsed.ok) faults.push(faultOf(parsed.error));
    else if (note.trim() !== '') notes.set(formatPolicyEntry(parsed.value), note.trim());
  }
  if (faults.length > 0) return Err(faults);
  const kept = entriesOf(value).flatMap((entry) => {
    const note = notes.get(entry);
    return note === undefined ? [] : [[entry, note] as const];
  });
  return Ok(Object.fromEntries(kept));
}
