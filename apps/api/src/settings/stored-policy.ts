/**
 * From stored settings to the policy that counts. The rules are core's; here is only what it means
 * that a value is not stored.
 *
 * Nothing stored = inherited. Without any mode the policy is enforced, and that is only the
 * product's default: an environment may choose a weaker one. It binds environments once the
 * installation says something itself, be it a mode or a whitelist: else each of them could switch
 * off what the installation demands.
 */
import type { SettingName } from '@moorage/contract';
import {
  type CombinedPolicy,
  combinePolicies,
  type DefaultRegistryAt,
  type EnvironmentPolicySettings,
  type PolicyConflict,
  type PolicyMode,
  type PolicySettings,
  parseDefaultRegistry,
  parseWhitelist,
  policyModes,
  type Result,
} from '@moorage/core';

/** What is stored at one level; a name that is absent is inherited. */
export type StoredValues = Readonly<Partial<Record<SettingName, string>>>;

export const BUILT_IN: Readonly<Record<SettingName, string>> = {
  'registry.default': '',
  'registry.whitelist': '',
  'policy.mode': 'enforce',
  'policy.default-registry-at': 'workload',
};

export function combineStored(
  installation: StoredValues,
  environment: StoredValues,
): Result<CombinedPolicy, PolicyConflict> {
  const floor = decodeStored(installation);
  const own = decodeStored(environment);
  const isBinding = floor.mode !== undefined || (floor.whitelist ?? null) !== null;
  const settings: PolicySettings = {
    whitelist: floor.whitelist ?? null,
    defaultRegistry: floor.defaultRegistry ?? null,
    mode: floor.mode ?? (isBinding ? 'enforce' : 'off'),
    defaultRegistryAt: floor.defaultRegistryAt ?? 'workload',
  };
  return combinePolicies(settings, isBinding ? own : { mode: 'enforce', ...own });
}

/** Stored values were checked when they were written: one that cannot be read is a defect. */
export function decodeStored(values: StoredValues): EnvironmentPolicySettings {
  const defaultRegistry = values['registry.default'];
  const whitelist = values['registry.whitelist'];
  const mode = values['policy.mode'];
  const at = values['policy.default-registry-at'];
  return {
    ...(whitelist === undefined ? {} : { whitelist: mustParse(parseWhitelist(whitelist)) }),
    ...(defaultRegistry === undefined
      ? {}
      : { defaultRegistry: mustParse(parseDefaultRegistry(defaultRegistry)) }),
    ...(mode === undefined ? {} : { mode: modeOf(mode) }),
    ...(at === undefined ? {} : { defaultRegistryAt: placeOf(at) }),
  };
}

function mustParse<T>(parsed: Result<T, unknown>): T {
  if (!parsed.ok) throw new Error(`a stored setting is not valid: ${JSON.stringify(parsed.error)}`);
  return parsed.value;
}

function modeOf(text: string): PolicyMode {
  const mode = policyModes.find((each) => each === text);
  if (mode === undefined) throw new Error(`"${text}" is stored as a policy mode`);
  return mode;
}

function placeOf(text: string): DefaultRegistryAt {
  return text === 'pod' ? 'pod' : 'workload';
}
