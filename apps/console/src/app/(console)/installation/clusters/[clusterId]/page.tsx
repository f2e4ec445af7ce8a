import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { Prefetched } from '../../../../../components/prefetched';
import { ClusterDetail } from '../../../../../features/clusters/components/cluster-detail';
import { clusterOf, grantsOf } from '../../../../../features/clusters/loaders';
import { requirePermission } from '../../../../../lib/session';

interface PageProps {
  readonly params: Promise<{ clusterId: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('clusters'))('title') };
}

export default async function ClusterPage({ params }: PageProps) {
  const { clusterId } = await params;
  await requirePermission('clusters:manage');
  return (
    <Prefetched reads={[clusterOf(clusterId), grantsOf(clusterId)]}>
      <ClusterDetail clusterId={clusterId} />
    </Prefetched>
  );
}
