import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';

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
    version: z.number().int(),
  })
  .meta({ id: 'Setting' });
export type Setting = z.infer<typeof Setting>;
export const SettingList = z.object({ items: z.array(Setting) }).meta({ id: 'SettingList' });
export const SettingPut = z
  .strictObject({ value: z.string().max(65536), acknowledged: z.boolean().optional() })
  .meta({ id: 'SettingPut' });

const PUT_PROBLEMS = ['request.invalid', 'setting.invalid', 'object.stale'] as const;

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
    body: SettingPut,
    reply: Setting,
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
    problems: [],
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
    body: SettingPut,
    reply: Setting,
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
    problems: [],
  }),
};
