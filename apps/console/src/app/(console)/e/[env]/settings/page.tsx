import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { Prefetched } from '../../../../../components/prefetched';
import { SettingsView } from '../../../../../features/settings/components/settings-view';
import { settingsOf } from '../../../../../features/settings/loaders';

interface PageProps {
  readonly params: Promise<{ env: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('settings'))('title') };
}

export default async function SettingsPage({ params }: PageProps) {
  const { env } = await params;
  return (
    <Prefetched reads={[settingsOf(env)]}>
      <SettingsView env={env} />
    </Prefetched>
  );
}
