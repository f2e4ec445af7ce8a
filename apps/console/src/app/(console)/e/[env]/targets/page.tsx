import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { Prefetched } from '../../../../../components/prefetched';
import { TargetsView } from '../../../../../features/targets/components/targets-view';
import { targetsOf } from '../../../../../features/targets/loaders';

interface PageProps {
  readonly params: Promise<{ env: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('targets'))('title') };
}

export default async function TargetsPage({ params }: PageProps) {
  const { env } = await params;
  return (
    <Prefetched reads={[targetsOf(env)]}>
      <TargetsView />
    </Prefetched>
  );
}
