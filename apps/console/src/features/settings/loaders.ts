import { read } from '../../lib/reads';

export const settingsOf = (env: string) => read('listSettings', { env });
export const installationSettings = () => read('listInstallationSettings', {});
