/**
 * What a setting may hold and how an environment's value stands to the installation's. Pure.
 *
 * `registry.whitelist` and `registry.default` keep Rancher 1.6's meaning: comma-separated addresses,
 * empty = off. An environment narrows the installation's whitelist and strengthens its mode, never the
 * reverse; that holds also when the installation changes after the environment did, so what counts
 * is computed on reading.
 *
 * Does not handle: what an image is allowed (that is decided where images are chosen).
 */
import type { SettingName } from '@moorage/contract';
import { parseRegistryAddress, type Result } from '@moorage/core';

export const DEFAULTS: Readonly<Record<SettingName, string>> = {
  'registry.default': '',
  'registry.whitelist': '',
  'policy.mode': 'enforce',
  'policy.default-registry-at': 'workload',
};

const MODES = ['off', 'warn', 'enforce'] as const; // from weak to strong
const DEFAULT_AT = ['workload', 'pod'] as const;
/** More registries than an installation has; bounds the admission policy that is made from it. */
const MAX_ENTRIES = 500;
/** Two whitelists with nothing in common allow nothing: RFC 6761 keeps `.invalid` free of hosts. */
export const NOTHING = 'nothing.invalid';

export interface Inherited {
  readonly installation: string | undefined;
  readonly environment: string | undefined;
}
export interface EffectiveSetting {
  readonly effective: string;
  readonly source: 'environment' | 'installation' | 'default';
}

/** The stored form of a value, or the reason why there is none. */
export function parseSettingValue(name: SettingName, value: string): Result<string, string> {
  switch (name) {
    case 'registry.default':
      return value.trim() === '' ? { ok: true, value: '' } : parseEntry(value);
    case 'registry.whitelist':
      return parseWhitelist(value);
    case 'policy.mode':
      return parseChoice(MODES, value);
    case 'policy.default-registry-at':
      return parseChoice(DEFAULT_AT, value);
  }
}

function parseChoice(choices: readonly string[], value: string): Result<string, string> {
  return choices.includes(value)
    ? { ok: true, value }
    : { ok: false, error: `Choose one of ${choices.join(', ')}.` };
}

function parseEntry(text: string): Result<string, string> {
  const parsed = parseRegistryAddress(text.trim());
  if (!parsed.ok) return { ok: false, error: `${parsed.error.detail}` };
  if (parsed.value.path !== null)
    return { ok: false, error: 'Name the registry only, without a path.' };
  return { ok: true, value: parsed.value.address };
}

function parseWhitelist(text: string): Result<string, string> {
  const entries = new Set<string>();
  for (const [index, part] of splitList(text).entries()) {
    const entry = parseEntry(part);
    if (!entry.ok) return { ok: false, error: `Entry ${index + 1}: ${entry.error}` };
    entries.add(entry.value);
  }
  if (entries.size > MAX_ENTRIES) return { ok: false, error: `At most ${MAX_ENTRIES} registries.` };
  return { ok: true, value: [...entries].join(',') };
}

export function splitList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Why an environment may not store this value; null when it may. */
export function refuseWidening(
  name: SettingName,
  value: string,
  installation: string | undefined,
): string | null {
  if (installation === undefined) return null;
  if (name === 'policy.mode' && strength(value) < strength(installation)) {
    return `The installation's mode is ${installation}: an environment can only be stricter.`;
  }
  if (name === 'registry.whitelist' && installation !== '') {
    const allowed = new Set(splitList(installation));
    const wider = splitList(value).filter((entry) => !allowed.has(entry));
    if (wider.length > 0)
      return `The installation's whitelist does not have ${wider.join(', ')}: an environment can only narrow it.`;
  }
  return null;
}

function strength(mode: string): number {
  return MODES.findIndex((each) => each === mode);
}

/** What counts in an environment. */
export function effectiveInEnvironment(
  name: SettingName,
  { installation, environment }: Inherited,
): EffectiveSetting {
  const inherited: EffectiveSetting = {
    effective: installation ?? DEFAULTS[name],
    source: installation === undefined ? 'default' : 'installation',
  };
  if (environment === undefined) return inherited;
  const own: EffectiveSetting = { effective: environment, source: 'environment' };
  if (name === 'policy.mode' && installation !== undefined)
    return strength(environment) >= strength(installation) ? own : inherited;
  if (name === 'registry.whitelist' && inherited.effective !== '')
    return narrowWhitelist(environment, inherited);
  return own;
}

function narrowWhitelist(environment: string, inherited: EffectiveSetting): EffectiveSetting {
  if (environment === '') return inherited;
  const allowed = new Set(splitList(inherited.effective));
  const both = splitList(environment).filter((entry) => allowed.has(entry));
  return { effective: both.length === 0 ? NOTHING : both.join(','), source: 'environment' };
}
