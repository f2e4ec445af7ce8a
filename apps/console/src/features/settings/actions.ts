import type { Setting } from '@moorage/contract';
import { call } from '../../lib/api';

/** `env` null = the whole installation. */
export async function putSetting(env: string | null, { name }: Setting, value: string) {
  const body = { value };
  return env === null
    ? call('putInstallationSetting', { name, body })
    : call('putSetting', { env, name, body });
}

export async function resetSetting(env: string | null, { name }: Setting) {
  if (env === null) await call('deleteInstallationSetting', { name });
  else await call('deleteSetting', { env, name });
}
