import { parseAsString } from 'nuqs/server';
import type { Input } from '../../lib/operations';
import { read } from '../../lib/reads';

/** The image that is asked about is in the address, so a link asks the same. */
export const policyFilters = { image: parseAsString.withDefault('') };

export const settingsOf = (env: string) => read('listSettings', { env });
export const installationSettings = () => read('listInstallationSettings', {});
export const policyOf = (env: string) => read('getPolicy', { env });
export const stoppedImagesOf = (env: string) => read('listStoppedImages', { env, query: {} });

type Engine = NonNullable<Input<'exportPolicy'>['query']>['engine'];
export const policyExportOf = (env: string, clusterId: string, engine: NonNullable<Engine>) =>
  read('exportPolicy', { env, query: { clusterId, engine } });
export const resolutionOf = (env: string, image: string) =>
  read('resolveImage', { env, body: { image } });

/** Newest first; the search looks at the action, which is `setting.create`, `.update` or `.delete`. */
const LAST_CHANGES = { q: 'setting.', limit: 5 } as const;
export const lastChangesOf = (env: string) => read('listAudit', { env, query: LAST_CHANGES });
export const lastInstallationChanges = () => read('listInstallationAudit', { query: LAST_CHANGES });
