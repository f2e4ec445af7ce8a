import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { Prefetched } from '../../../../../components/prefetched';
import { NodesView } from '../../../../../features/nodes/components/nodes-view';
import { nodesOf } from '../../../../../features/nodes/loaders';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('nodes'))('title') };
}

export default async function NodesPage({ params }: { params: Promise<{ env: string }> }) {
  const { env } = await params;
  return (
    <Prefetched reads={[nodesOf(env)]}>
      <NodesView />
    </Prefetched>
  );
}
