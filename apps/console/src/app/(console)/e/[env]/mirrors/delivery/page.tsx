import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { Prefetched } from '../../../../../../components/prefetched';
import { DeliveryView } from '../../../../../../features/node-config/components/delivery-view';
import { agentOf, FIRST_AGENT, filesOf } from '../../../../../../features/node-config/loaders';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('delivery'))('title') };
}

export default async function DeliveryPage({ params }: { params: Promise<{ env: string }> }) {
  const { env } = await params;
  const reads = [agentOf(env, FIRST_AGENT), filesOf(env, 'k3s-registries.yaml')];
  return (
    <Prefetched reads={reads}>
      <DeliveryView />
    </Prefetched>
  );
}
