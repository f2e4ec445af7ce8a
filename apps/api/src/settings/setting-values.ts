/**
 * A setting as text: what it may hold, and what counts of it at a level. The rules are core's
 * (`image-policy`); here they become the settings' text and the errors that a caller reads.
 */
import type { SettingName } from '@moorage/contract';
import {
  Err,
  formatDefaultRegistry,
  formatWhitelist,
  Ok,
  type PolicyEntryError,
  parseDefaultRegistry,
  parseWhitelist,
  policyModes,
  type Result,
  type Whitelist,
  type WhitelistError,
} from '@moorage/core';
import { BUILT_IN, combineStored, decodeStored, type StoredValues } from './stored-policy.js';

/** Why a value, or one entry of it, is not taken. */
export interface SettingFault {
  readonly code: string;
  /** Names the entry. */
  readonly detail: string;
  readonly entry?: string;
  readonly suggestion?: string;
}

type EntryError = Omit<PolicyEntryError, 'code'> & { readonly code: string };

export interface EffectiveSetting {
  readonly effective: string;
  readonly source: 'environment' | 'installation' | 'default';
}

/**
 * Text has no other word for a whitelist without entries: the empty text is "off". Two whitelists
 * with nothing in common allow nothing, and RFC 6761 keeps `.invalid` free of hosts.
 */
export const NOTHING = 'nothing.invalid';

/** The stored form of a value, or everything that is wrong with it. */
export function parseSettingValue(
  name: SettingName,
  value: string,
): Result<string, readonly SettingFault[]> {
  switch (name) {
    case 'registry.default': {
      const parsed = parseDefaultRegistry(value);
      return parsed.ok ? Ok(formatDefaultRegistry(parsed.value)) : Err([faultOf(parsed.error)]);
    }
    case 'registry.whitelist': {
      const parsed = parseWhitelist(value);
      return parsed.ok ? Ok(formatWhitelist(parsed.value)) : Err(parsed.error.map(faultOfEntry));
    }
    case 'policy.mode':
      return parseChoice(policyModes, value);
    case 'policy.default-registry-at':
      return parseChoice(['workload', 'pod'], value);
  }
}

function parseChoice(
  choices: readonly string[],
  value: string,
): Result<string, readonly SettingFault[]> {
  if (choices.includes(value)) return Ok(value);
  return Err([{ code: 'setting.not-a-choice', detail: `Choose one of ${choices.join(', ')}.` }]);
}

/** Also of a key that names an entry. */
export function faultOf({ entry, code, detail, suggestion }: EntryError): SettingFault {
  const named = `"${entry}": ${detail}`;
  return suggestion === undefined
    ? { entry, code, detail: named }
    : { entry, code, detail: `${named} Did you mean ${suggestion}?`, suggestion };
}

function faultOfEntry(error: WhitelistError): SettingFault {
  if (error.code === 'whitelist.too-long') return { code: error.code, detail: error.detail };
  const fault = faultOf(error);
  return { ...fault, detail: `Entry ${error.position + 1}, ${fault.detail}` };
}

/** What counts in the installation itself. */
export function effectiveInInstallation(name: SettingName, stored: StoredValues): EffectiveSetting {
  const value = stored[name];
  return value === undefined
    ? { effective: BUILT_IN[name], source: 'default' }
    : { effective: value, source: 'installation' };
}

/** What counts in an environment. */
export function effectiveInEnvironment(
  name: SettingName,
  installation: StoredValues,
  environment: StoredValues,
): EffectiveSetting {
  const inherited = effectiveInInstallation(name, installation);
  const own = environment[name];
  if (name === 'registry.default' || name === 'policy.default-registry-at') {
    return own === undefined ? inherited : { effective: own, source: 'environment' };
  }
  const { whitelist, mode } = policyOf(installation, environment);
  if (name === 'policy.mode') {
    const isOwn = own !== undefined && own === mode;
    return isOwn ? { effective: own, source: 'environment' } : { ...inherited, effective: mode };
  }
  const isOwn = own !== undefined && (own !== '' || inherited.effective === '');
  return { effective: textOf(whitelist), source: isOwn ? 'environment' : inherited.source };
}

function policyOf(installation: StoredValues, environment: StoredValues) {
  const combined = combineStored(installation, environment);
  if (combined.ok) return combined.value.policy;
  // The default registry contradicts a whitelist; without it the rest can still be said.
  const rest = combineStored(withoutDefault(installation), withoutDefault(environment));
  return rest.ok ? rest.value.policy : { whitelist: [], mode: 'enforce' as const };
}

function withoutDefault(values: StoredValues): StoredValues {
  return { ...values, 'registry.default': '' };
}

function textOf(whitelist: Whitelist | null): string {
  return whitelist?.length === 0 ? NOTHING : formatWhitelist(whitelist);
}

/** The entries of a stored whitelist, as they are written in it. */
export function entriesOf(value: string): readonly string[] {
  const { whitelist } = decodeStored({ 'registry.whitelist': value });
  return (whitelist ?? []).map((entry) => formatWhitelist([entry]));
}
