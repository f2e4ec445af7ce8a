/**
 * The settings `registry.whitelist` and `registry.default` as text.
 *
 *   whitelist := [ entry *("," entry) ]       blanks around entries and empty entries are ignored
 *   default   := [ entry ]
 *
 * Source of names and form: Rancher 1.6 settings of the same names; empty = off. Rancher compared
 * raw host strings; here Docker Hub's names are one, blanks do not matter, and an entry may be
 * narrower than a registry. Every wrong entry is reported, not only the first.
 */
import { Err, Ok, type Result } from '../result.js';
import {
  entryContains,
  formatPolicyEntry,
  type PolicyEntry,
  type PolicyEntryError,
  parsePolicyEntry,
} from './policy-entry.js';

/** The entries that allow; without any, nothing is allowed. "Off" is null, not an empty list. */
export type Whitelist = readonly PolicyEntry[];

export interface WhitelistError extends Omit<PolicyEntryError, 'code'> {
  readonly code: PolicyEntryError['code'] | 'whitelist.too-long' | 'whitelist.only-commas';
  /** Which of the comma-separated parts, from 0. */
  readonly position: number;
}

// 1,000 entries × 600 containers stay within the API server's cost limit for one request with
// head-room (measured on kube-apiserver 1.36); the lookup is by map, so twice that is safe.
export const whitelistMaxEntries = 2_000;
const whitelistMaxLength = 200_000;

/** The whitelist, or null when the text says "off". */
export function parseWhitelist(text: string): Result<Whitelist | null, readonly WhitelistError[]> {
  if (text.trim() === '') return Ok(null);
  const parts = text.length > whitelistMaxLength ? [] : text.split(',');
  if (text.length > whitelistMaxLength || parts.length > whitelistMaxEntries) {
    const detail = `At most ${whitelistMaxEntries} entries and ${whitelistMaxLength} characters.`;
    return Err([{ entry: '', position: 0, code: 'whitelist.too-long', detail }]);
  }
  const entries = new Map<string, PolicyEntry>();
  const errors: WhitelistError[] = [];
  for (const [position, part] of parts.entries()) {
    if (part.trim() === '') continue;
    const parsed = parsePolicyEntry(part);
    if (parsed.ok) entries.set(formatPolicyEntry(parsed.value), parsed.value);
    else errors.push({ ...parsed.error, position });
  }
  if (errors.length > 0) return Err(errors);
  // Somebody who wrote commas did not mean to switch the whitelist off.
  if (entries.size === 0) {
    const detail = 'No entry between the commas; leave the value empty to switch it off.';
    return Err([
      { entry: text.trim().slice(0, 80), position: 0, code: 'whitelist.only-commas', detail },
    ]);
  }
  return Ok([...entries.values()]);
}

export function formatWhitelist(whitelist: Whitelist | null): string {
  return (whitelist ?? []).map(formatPolicyEntry).join(',');
}

/** The default registry, or null when the text says "off". */
export function parseDefaultRegistry(text: string): Result<PolicyEntry | null, PolicyEntryError> {
  return text.trim() === '' ? Ok(null) : parsePolicyEntry(text);
}

export function formatDefaultRegistry(entry: PolicyEntry | null): string {
  return entry === null ? '' : formatPolicyEntry(entry);
}

/** True when some entry covers all of `entry`. */
export function whitelistContains(whitelist: Whitelist, entry: PolicyEntry): boolean {
  return whitelist.some((outer) => entryContains(outer, entry));
}

/** Exactly what both allow, in the order of `a`: of two prefixes one lies in the other or they are apart. */
export function intersectWhitelists(a: Whitelist, b: Whitelist): Whitelist {
  const inner = a.flatMap((entry) =>
    whitelistContains(b, entry) ? [entry] : b.filter((other) => entryContains(entry, other)),
  );
  return [...new Map(inner.map((entry) => [formatPolicyEntry(entry), entry])).values()];
}
