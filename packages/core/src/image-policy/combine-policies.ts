/**
 * From settings to the policy in force: an environment within its installation.
 *
 *   whitelist = installation's ∩ environment's         (off = everything)
 *   mode      = the stronger of the two                off < warn < enforce
 *   default   = environment's if it says one, else installation's; always allowed
 *
 * So an environment narrows and strengthens, never the reverse; what it asks for beyond that is
 * not an error (the installation's value may have changed later) but is listed as overruled.
 * The mode is the whitelist's alone: the default registry is switched off by leaving it empty.
 */
import { Err, Ok, type Result } from '../result.js';
import { entryContains, formatPolicyEntry, type PolicyEntry } from './policy-entry.js';
import { intersectWhitelists, type Whitelist, whitelistContains } from './whitelist.js';

export const policyModes = ['off', 'warn', 'enforce'] as const;
export type PolicyMode = (typeof policyModes)[number];
export type DefaultRegistryAt = 'workload' | 'pod';

export interface PolicySettings {
  /** null = off. */
  readonly whitelist: Whitelist | null;
  /** null = off. */
  readonly defaultRegistry: PolicyEntry | null;
  readonly mode: PolicyMode;
  readonly defaultRegistryAt: DefaultRegistryAt;
}

/** What is absent is inherited from the installation. */
export type EnvironmentPolicySettings = Partial<PolicySettings>;

/** The policy in force; a whitelist that is on covers the default registry by an entry. */
export type ImagePolicy = PolicySettings;

/** A wish of an environment that the installation does not grant. */
export interface OverruledSetting {
  readonly setting: 'registry.whitelist' | 'policy.mode';
  readonly value: string;
  readonly detail: string;
}

export interface CombinedPolicy {
  readonly policy: ImagePolicy;
  readonly overruled: readonly OverruledSetting[];
}

export interface PolicyConflict {
  readonly code: 'policy.default-not-allowed' | 'policy.default-restricted';
  readonly detail: string;
}

export function combinePolicies(
  installation: PolicySettings,
  environment: EnvironmentPolicySettings,
): Result<CombinedPolicy, PolicyConflict> {
  const inherited = installation.defaultRegistry;
  const { defaultRegistry = inherited } = environment;
  const conflict =
    findRestriction(installation.whitelist, inherited) ??
    findRestriction(environment.whitelist ?? null, defaultRegistry);
  if (conflict !== null) return Err(conflict);

  const ceiling = withDefault(installation.whitelist, inherited);
  if (
    ceiling !== null &&
    defaultRegistry !== null &&
    !whitelistContains(ceiling, defaultRegistry)
  ) {
    return Err(outsideInstallation(defaultRegistry));
  }
  const own = withDefault(environment.whitelist ?? null, defaultRegistry);
  const policy: ImagePolicy = {
    whitelist:
      ceiling === null || own === null ? (own ?? ceiling) : intersectWhitelists(own, ceiling),
    defaultRegistry,
    mode: strongerMode(installation.mode, environment.mode ?? 'off'),
    defaultRegistryAt: environment.defaultRegistryAt ?? installation.defaultRegistryAt,
  };
  return Ok({ policy, overruled: listOverruled(ceiling, installation.mode, environment) });
}

export function strongerMode(a: PolicyMode, b: PolicyMode): PolicyMode {
  return policyModes.indexOf(a) >= policyModes.indexOf(b) ? a : b;
}

function withDefault(whitelist: Whitelist | null, entry: PolicyEntry | null): Whitelist | null {
  if (whitelist === null || entry === null || whitelistContains(whitelist, entry)) return whitelist;
  return [...whitelist, entry];
}

/** A list that allows only part of the default registry contradicts "always allowed". */
function findRestriction(
  whitelist: Whitelist | null,
  defaultRegistry: PolicyEntry | null,
): PolicyConflict | null {
  if (whitelist === null || defaultRegistry === null) return null;
  if (whitelistContains(whitelist, defaultRegistry)) return null;
  const inner = whitelist.find((entry) => entryContains(defaultRegistry, entry));
  if (inner === undefined) return null;
  const name = formatPolicyEntry(defaultRegistry);
  return {
    code: 'policy.default-restricted',
    detail: `The default registry ${name} is always allowed, but the whitelist allows only ${formatPolicyEntry(inner)} of it. List ${name}, or make ${formatPolicyEntry(inner)} the default registry.`,
  };
}

function outsideInstallation(entry: PolicyEntry): PolicyConflict {
  const name = formatPolicyEntry(entry);
  return {
    code: 'policy.default-not-allowed',
    detail: `The default registry ${name} is always allowed, but the installation's whitelist does not allow it. Choose one that is listed there, or have ${name} added.`,
  };
}

function listOverruled(
  ceiling: Whitelist | null,
  installationMode: PolicyMode,
  { whitelist, mode }: EnvironmentPolicySettings,
): readonly OverruledSetting[] {
  const beyond = (ceiling === null ? [] : (whitelist ?? [])).filter(
    (entry) => !whitelistContains(ceiling ?? [], entry),
  );
  const overruled: OverruledSetting[] = beyond.map((entry) => ({
    setting: 'registry.whitelist',
    value: formatPolicyEntry(entry),
    detail: ceiling?.some((allowed) => entryContains(entry, allowed))
      ? "Only the part of it that the installation's whitelist allows counts."
      : "The installation's whitelist does not allow it.",
  }));
  if (mode !== undefined && strongerMode(installationMode, mode) !== mode) {
    const detail = `The installation's mode is ${installationMode}; an environment can only be stricter.`;
    overruled.push({ setting: 'policy.mode', value: mode, detail });
  }
  return overruled;
}

/** False only when whatever `after` refuses is refused already: most edits add an entry. */
export function canRefuseMore(before: ImagePolicy | null, after: ImagePolicy): boolean {
  if (after.whitelist === null || after.mode !== 'enforce') return false;
  if (before === null || before.whitelist === null || before.mode !== 'enforce') return true;
  const { whitelist } = after;
  const isWider = before.whitelist.every((entry) => whitelistContains(whitelist, entry));
  // Another default registry, or another place for it, changes what a bare name is.
  return !isWider || bareNames(before) !== bareNames(after);
}

function bareNames({ defaultRegistry, defaultRegistryAt }: ImagePolicy): string {
  return JSON.stringify([
    defaultRegistryAt,
    defaultRegistry === null ? null : formatPolicyEntry(defaultRegistry),
  ]);
}
