import type { Setting } from '@moorage/contract';

/** The settings that this version shows, with the key of their words in `settings.names`. */
export const SHOWN_SETTINGS = [
  { name: 'registry.default', key: 'default', placeholder: 'registry.example.com' },
  { name: 'registry.whitelist', key: 'whitelist', placeholder: 'docker.io, quay.io, ghcr.io' },
] as const satisfies readonly { name: Setting['name']; key: string; placeholder: string }[];

export type ShownSetting = (typeof SHOWN_SETTINGS)[number];
