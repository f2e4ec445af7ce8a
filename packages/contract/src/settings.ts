import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import { PolicyImpact } from './policies.js';

export const SETTING_NAMES = [
  'registry.default',
  'registry.whitelist',
  'policy.mode',
  'policy.default-registry-at',
] as const;
export type SettingName = (typeof SETTING_NAMES)[number];

export const Setting = z
  .object({
    name: z.enum(SETTING_NAMES),
    /** what is stored at this level; null = inherited */
    value: z.string().nullable(),
    effective: z.string(),
    source: z.enum(['environment', 'installation', 'default']),
    /** of whitelist entries, by entry; only what is stored at this level */
    notes: z.record(z.string(), z.string()),
    version: z.number().int(),
  })
  .meta({ id: 'Setting' });
export type Setting = z.infer<typeof Setting>;
export const SettingList = z.object({ items: z.array(Setting) }).meta({ id: 'SettingList' });
export const SettingPut = z
  .strictObject({
    value: z.string().max(200_000),
    notes: z
      .record(z.string().max(2048), z.string().max(500))
      .optional()
      .meta({ description: 'why an entry of the whitelist is there; left out = kept' }),
    acknowledged: z.boolean().optional().meta({
      description:
        'true after somebody has read the report of what would be refused. A 409 policy.would-refuse or policy.impact-unknown carries it as `report`, and as `acknowledgeable` whether this helps: what keeps a cluster from repairing itself is refused in any case',
    }),
  })
  .meta({ id: 'SettingPut' });

const REFUSALS = ['policy.would-refuse', 'policy.impact-unknown', 'policy.conflict'] as const;
const PUT_PROBLEMS = ['request.invalid', 'setting.invalid', 'object.stale', ...REFUSALS] as const;
const DELETE_PROBLEMS = ['request.invalid', 'object.stale', ...REFUSALS] as const;

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
/** `dryRun=true` changes nothing and answers the impact report. */
const PutQuery = z.strictObject({ dryRun: flag.optional() });
const DeleteQuery = z.strictObject({ acknowledged: flag.optional() });
/** What a PUT answers: the setting, or with `dryRun=true` the report. */
const SettingOrImpact = z.union([Setting, PolicyImpact]);

export const settingEndpoints = {
  listInstallationSettings: defineEndpoint({
    id: 'listInstallationSettings',
    method: 'GET',
    path: '/settings',
    tag: 'Settings',
    access: 'installation-settings:write',
    status: 200,
    summary: 'Settings of the installation',
    reply: SettingList,
    problems: [],
  }),
  getInstallationSetting: defineEndpoint({
    id: 'getInstallationSetting',
    method: 'GET',
    path: '/settings/:name',
    tag: 'Settings',
    access: 'installation-settings:write',
    status: 200,
    summary: 'One setting of the installation',
    reply: Setting,
    problems: [],
  }),
  putInstallationSetting: defineEndpoint({
    id: 'putInstallationSetting',
    method: 'PUT',
    path: '/settings/:name',
    tag: 'Settings',
    access: 'installation-settings:write',
    status: 200,
    summary: 'Set a setting of the installation',
    query: PutQuery,
    body: SettingPut,
    reply: SettingOrImpact,
    problems: PUT_PROBLEMS,
  }),
  deleteInstallationSetting: defineEndpoint({
    id: 'deleteInstallationSetting',
    method: 'DELETE',
    path: '/settings/:name',
    tag: 'Settings',
    access: 'installation-settings:write',
    status: 204,
    summary: 'Back to the built-in default',
    query: DeleteQuery,
    problems: DELETE_PROBLEMS,
  }),
  listSettings: defineEndpoint({
    id: 'listSettings',
    method: 'GET',
    path: '/environments/:env/settings',
    tag: 'Settings',
    access: 'settings:read',
    status: 200,
    summary: 'Settings of an environment',
    reply: SettingList,
    problems: [],
  }),
  getSetting: defineEndpoint({
    id: 'getSetting',
    method: 'GET',
    path: '/environments/:env/settings/:name',
    tag: 'Settings',
    access: 'settings:read',
    status: 200,
    summary: 'One setting of an environment',
    reply: Setting,
    problems: [],
  }),
  putSetting: defineEndpoint({
    id: 'putSetting',
    method: 'PUT',
    path: '/environments/:env/settings/:name',
    tag: 'Settings',
    access: 'settings:write',
    status: 200,
    summary: 'Set a setting of an environment',
    query: PutQuery,
    body: SettingPut,
    reply: SettingOrImpact,
    problems: PUT_PROBLEMS,
  }),
  deleteSetting: defineEndpoint({
    id: 'deleteSetting',
    method: 'DELETE',
    path: '/environments/:env/settings/:name',
    tag: 'Settings',
    access: 'settings:write',
    status: 204,
    summary: 'Inherit from the installation again',
    query: DeleteQuery,
    problems: DELETE_PROBLEMS,
  }),
};
