import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { Prefetched } from '../../../../../../components/prefetched';
import { RegistryDetail } from '../../../../../../features/registries/components/registry-detail';
import {
  credentialsOf,
  deliveriesOf,
  registryOf,
} from '../../../../../../features/registries/loaders';

interface PageProps {
  readonly params: Promise<{ env: string; registryId: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('registries'))('title') };
}

export default async function RegistryPage({ params }: PageProps) {
  const { env, registryId } = await params;
  return (
    <Prefetched
      reads={[registryOf(env, registryId), credentialsOf(env, registryId), deliveriesOf(env)]}
    >
      <RegistryDetail registryId={registryId} />
    </Prefetched>
  );
}
