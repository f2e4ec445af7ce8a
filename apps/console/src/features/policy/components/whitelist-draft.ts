/**
 * A whitelist while it is edited: one row per entry, each with the form in which it would be stored or
 * the reason why it cannot be. Judged by the same function as on the server, here in the browser.
 */
import type { ImagePolicy } from '@moorage/contract';
import { formatPolicyEntry, type PolicyEntryError, parsePolicyEntry } from '@moorage/core';

/** An entry as it counts, with where it comes from. */
export type ShownEntry = ImagePolicy['entries'][number];

export interface EntryRow {
  /** of its own, so that a removed row does not take the focus of its neighbour along */
  readonly id: string;
  readonly text: string;
  readonly note: string;
}

export interface JudgedRow extends EntryRow {
  /** the form that is stored; null where there is none */
  readonly canonical: string | null;
  readonly error: PolicyEntryError | null;
  /** an earlier row says the same */
  readonly isRepeated: boolean;
}

let lastRow = 0;

export function newRow(text = '', note = ''): EntryRow {
  lastRow += 1;
  return { id: `entry-${lastRow}`, text, note };
}

export function rowsOfSetting(
  value: string,
  notes: Readonly<Record<string, string>>,
): readonly EntryRow[] {
  return splitEntries(value).map((entry) => newRow(entry, notes[entry] ?? ''));
}

/** Entries of a pasted list: by commas as in Rancher's form, also full-width ones, or one a line. */
export function splitEntries(text: string): readonly string[] {
  return text.split(/[\s,;，、；]+/).filter((part) => part !== '');
}

export function judgeRows(rows: readonly EntryRow[]): readonly JudgedRow[] {
  const seen = new Set<string>();
  return rows.map((row) => {
    if (row.text.trim() === '') return { ...row, canonical: null, error: null, isRepeated: false };
    const parsed = parsePolicyEntry(row.text);
    if (!parsed.ok) return { ...row, canonical: null, error: parsed.error, isRepeated: false };
    const canonical = formatPolicyEntry(parsed.value);
    const isRepeated = seen.has(canonical);
    seen.add(canonical);
    return { ...row, canonical, error: null, isRepeated };
  });
}

/** True when a row would be drawn the same. */
export function isSameRow(a: JudgedRow, b: JudgedRow): boolean {
  return (
    a.id === b.id &&
    a.text === b.text &&
    a.note === b.note &&
    a.canonical === b.canonical &&
    a.isRepeated === b.isRepeated &&
    a.error?.code === b.error?.code &&
    a.error?.suggestion === b.error?.suggestion
  );
}

/** Adds what is not there yet; empty rows at the end give way. */
export function addEntries(
  rows: readonly EntryRow[],
  entries: readonly string[],
): readonly EntryRow[] {
  const kept = rows.filter(({ text, note }) => text.trim() !== '' || note !== '');
  const known = new Set(judgeRows(kept).map(({ canonical }) => canonical));
  const added = judgeRows(entries.map((entry) => newRow(entry))).filter(
    ({ canonical, isRepeated }) => !isRepeated && (canonical === null || !known.has(canonical)),
  );
  return [...kept, ...added.map(({ id, text, note }) => ({ id, text, note }))];
}

export interface WhitelistValue {
  readonly value: string;
  readonly notes: Readonly<Record<string, string>>;
}

/** As it is stored, or null while a row cannot be. */
export function valueOfRows(rows: readonly JudgedRow[]): WhitelistValue | null {
  if (rows.some(({ error }) => error !== null)) return null;
  const entries = rows.flatMap(({ canonical, isRepeated, note }) =>
    canonical === null || isRepeated ? [] : [{ canonical, note: note.trim() }],
  );
  return {
    value: entries.map(({ canonical }) => canonical).join(','),
    notes: Object.fromEntries(
      entries.filter(({ note }) => note !== '').map(({ canonical, note }) => [canonical, note]),
    ),
  };
}

export function isSameValue(a: WhitelistValue, b: WhitelistValue): boolean {
  const keyOf = ({ value, notes }: WhitelistValue) =>
    JSON.stringify([value, Object.entries(notes).toSorted(([x], [y]) => (x < y ? -1 : 1))]);
  return keyOf(a) === keyOf(b);
}
