import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import type { SearchParams } from 'nuqs/server';
import { Prefetched } from '../../../../components/prefetched';
import { ClustersView } from '../../../../features/clusters/components/clusters-view';
import { clustersOf, loadClusterFilters } from '../../../../features/clusters/loaders';
import { requirePermission } from '../../../../lib/session';

interface PageProps {
  readonly searchParams: Promise<SearchParams>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('clusters'))('title') };
}

export default async function ClustersPage({ searchParams }: PageProps) {
  await requirePermission('clusters:manage');
  const filters = await loadClusterFilters(searchParams);
  return (
    <Prefetched reads={[clustersOf(filters)]}>
      <ClustersView />
    </Prefetched>
  );
}
