import type { ImagePolicy, Setting } from '@moorage/contract';
import {
  type ImagePolicy as EffectivePolicy,
  formatDefaultRegistry,
  formatPolicyEntry,
  type OverruledSetting,
  type PolicyHalf,
  parseWhitelist,
} from '@moorage/core';
import type { EnvironmentPolicy } from '../settings/effective-policies.js';
import { hashOfSettings, wantsHalf } from '../sync/image-policy/policy-wishes.js';
import type { PolicyClusterRow } from './policies.repository.js';

type Cluster = ImagePolicy['clusters'][number];
type InForce = Cluster['whitelist'];
type Entry = ImagePolicy['entries'][number];

export interface PolicyParts {
  readonly policy: EnvironmentPolicy;
  /** Stored by the environment, and by the installation. */
  readonly own: readonly Setting[];
  readonly inherited: readonly Setting[];
  readonly clusters: readonly PolicyClusterRow[];
}

export function presentPolicy({ policy, own, inherited, clusters }: PolicyParts): ImagePolicy {
  const { combined } = policy;
  const counting = combined.ok ? combined.value.policy : null;
  const overruled = combined.ok ? combined.value.overruled : [];
  const settingsHash = hashOfSettings(policy);
  return {
    whitelist: counting?.whitelist?.map(formatPolicyEntry) ?? null,
    defaultRegistry:
      counting === null ? null : formatDefaultRegistry(counting.defaultRegistry) || null,
    mode: counting?.mode ?? 'off',
    defaultRegistryAt: counting?.defaultRegistryAt ?? 'workload',
    entries: presentEntries(counting, { own, inherited, overruled }),
    overruled: overruled.map(({ setting, value, detail }) => ({ setting, value, detail })),
    conflict: combined.ok ? null : { code: combined.error.code, detail: combined.error.detail },
    clusters: clusters.map((row) => {
      const context = { row, counting: combined.ok ? counting : null, settingsHash };
      return {
        clusterId: row.clusterId,
        clusterName: row.clusterName,
        simulated: row.simulated,
        kubernetesVersion: row.kubernetesVersion,
        whitelist: presentHalf('whitelist', context),
        defaultRegistry: presentHalf('default-registry', context),
      };
    }),
  };
}

function presentEntries(
  counting: EffectivePolicy | null,
  {
    own,
    inherited,
    overruled,
  }: {
    own: readonly Setting[];
    inherited: readonly Setting[];
    overruled: readonly OverruledSetting[];
  },
): Entry[] {
  const levels = { environment: listOf(own), installation: listOf(inherited) };
  const noteOf = (entry: string) =>
    levels.environment.notes[entry] ?? levels.installation.notes[entry] ?? '';
  const counted = (counting?.whitelist ?? []).map(formatPolicyEntry).map((entry): Entry => {
    const from = levels.environment.entries.has(entry)
      ? 'environment'
      : levels.installation.entries.has(entry)
        ? 'installation'
        : 'default-registry';
    return { entry, note: noteOf(entry), from, overruled: null };
  });
  const refused = overruled
    .filter(({ setting }) => setting === 'registry.whitelist')
    .map(({ value, detail }): Entry => {
      return { entry: value, note: noteOf(value), from: 'environment', overruled: detail };
    });
  return [...counted, ...refused];
}

function listOf(settings: readonly Setting[]) {
  const stored = settings.find(({ name }) => name === 'registry.whitelist');
  const parsed = parseWhitelist(stored?.value ?? '');
  const entries = parsed.ok ? (parsed.value ?? []).map(formatPolicyEntry) : [];
  return { entries: new Set(entries), notes: stored?.notes ?? {} };
}

interface HalfContext {
  readonly row: PolicyClusterRow;
  readonly counting: EffectivePolicy | null;
  readonly settingsHash: string;
}

function presentHalf(half: PolicyHalf, { row, counting, settingsHash }: HalfContext): InForce {
  const stored = row.states.find((state) => state.half === half);
  // Settings that contradict each other are not delivered: what is said of them is what counts.
  const isWanted = row.active && counting !== null && wantsHalf(counting, half);
  if (stored === undefined && !isWanted) return OFF;
  if (row.reachable === false) return { ...UNREACHABLE, provenAt: timeOf(stored?.provenAt) };
  if (stored === undefined) return WAITING;
  const isAboutThis = stored.settingsHash === settingsHash && row.active;
  if (!isAboutThis) return isWanted ? WAITING : LEAVING;
  const { state, code, detail } = stored;
  return { state, code, detail, provenAt: timeOf(stored.provenAt) };
}

function timeOf(text: string | null | undefined): string | null {
  return text == null ? null : new Date(text).toISOString();
}

const OFF: InForce = { state: 'off', code: null, detail: null, provenAt: null };
const WAITING: InForce = {
  state: 'pending',
  code: 'policy.not-written',
  detail: 'On its way to the cluster.',
  provenAt: null,
};
const LEAVING: InForce = {
  state: 'pending',
  code: 'policy.leaving',
  detail: 'Being taken away from the cluster.',
  provenAt: null,
};
const UNREACHABLE = {
  state: 'unreachable',
  code: 'cluster.unreachable',
  detail:
    'The cluster does not answer. What was in force there stays in force; changes follow when it comes back.',
} as const;
