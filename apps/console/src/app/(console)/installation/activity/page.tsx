import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import type { SearchParams } from 'nuqs/server';
import { Prefetched } from '../../../../components/prefetched';
import { ActivityView } from '../../../../features/activity/components/activity-view';
import { allActivity, loadActivityFilters } from '../../../../features/activity/loaders';
import { requirePermission } from '../../../../lib/session';

interface PageProps {
  readonly searchParams: Promise<SearchParams>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('activity'))('titleAll') };
}

export default async function InstallationActivityPage({ searchParams }: PageProps) {
  await requirePermission('installation-audit:read');
  const filters = await loadActivityFilters(searchParams);
  return (
    <Prefetched reads={[allActivity(filters)]}>
      <ActivityView env={null} />
    </Prefetched>
  );
}
