import type { PolicyImpact, Setting, SettingName } from '@moorage/contract';
import { call } from '../../lib/api';

/** What somebody wants a setting to be; `value` null = inherit what is above. */
export interface SettingChange {
  readonly name: SettingName;
  readonly value: string | null;
  /** of whitelist entries; left out = kept */
  readonly notes?: Readonly<Record<string, string>>;
}

function putBody({ value, notes }: SettingChange) {
  return { value: value ?? '', ...(notes === undefined ? {} : { notes: { ...notes } }) };
}

function isImpact(reply: Setting | PolicyImpact): reply is PolicyImpact {
  return 'refusals' in reply;
}

/** What the change would refuse; nothing is changed. `env` null = the whole installation. */
export async function previewChange(
  env: string | null,
  change: SettingChange,
): Promise<PolicyImpact> {
  const query = { dryRun: 'true' } as const;
  const { name } = change;
  const body = putBody(change);
  const reply =
    env === null
      ? await call('putInstallationSetting', { name, query, body })
      : await call('putSetting', { env, name, query, body });
  if (!isImpact(reply)) throw new Error('a dry run answered without a report');
  return reply;
}

/** Stores it; without `acknowledged` the server refuses what would stop images that run now. */
export async function applyChange(
  env: string | null,
  change: SettingChange,
  acknowledged: boolean,
): Promise<void> {
  const { name, value } = change;
  const body = { ...putBody(change), acknowledged };
  const query = { acknowledged: String(acknowledged) as 'true' | 'false' };
  if (env === null && value === null) await call('deleteInstallationSetting', { name, query });
  else if (env === null) await call('putInstallationSetting', { name, body });
  else if (value === null) await call('deleteSetting', { env, name, query });
  else await call('putSetting', { env, name, body });
}
