import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { Prefetched } from '../../../../components/prefetched';
import { SettingsView } from '../../../../features/settings/components/settings-view';
import { installationSettings } from '../../../../features/settings/loaders';
import { requirePermission } from '../../../../lib/session';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('settings'))('title') };
}

export default async function InstallationSettingsPage() {
  await requirePermission('installation-settings:write');
  return (
    <Prefetched reads={[installationSettings()]}>
      <SettingsView env={null} />
    </Prefetched>
  );
}
