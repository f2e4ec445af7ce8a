import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import type { SearchParams } from 'nuqs/server';
import { Prefetched } from '../../../../../components/prefetched';
import { ActivityView } from '../../../../../features/activity/components/activity-view';
import { activityOf, loadActivityFilters } from '../../../../../features/activity/loaders';

interface PageProps {
  readonly params: Promise<{ env: string }>;
  readonly searchParams: Promise<SearchParams>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('activity'))('title') };
}

export default async function ActivityPage({ params, searchParams }: PageProps) {
  const { env } = await params;
  const filters = await loadActivityFilters(searchParams);
  return (
    <Prefetched reads={[activityOf(env, filters)]}>
      <ActivityView env={env} />
    </Prefetched>
  );
}
