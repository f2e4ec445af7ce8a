/** What can be filtered by, as `noun.verb`; words in `activity.action`. */
export const ACTIONS = [
  'session.create',
  'registry.create',
  'registry.update',
  'registry.enable',
  'registry.disable',
  'registry.delete',
  'credential.create',
  'credential.update',
  'credential.enable',
  'credential.disable',
  'credential.delete',
  'target.create',
  'target.update',
  'target.sync',
  'target.adopt',
  'target.delete',
  'mirror.create',
  'mirror.update',
  'mirror.delete',
  'cluster.create',
  'cluster.update',
  'cluster.delete',
  'cluster.grant',
  'setting.update',
  'setting.delete',
  'member.put',
  'member.delete',
  'environment.create',
  'environment.update',
  'environment.delete',
  'user.create',
  'user.update',
  'user.delete',
  'user.password',
  'api-key.create',
  'api-key.delete',
] as const;

/** Messages cannot have dots inside of a key. */
export function actionKey(action: string): string {
  return action.replace('.', '-');
}
