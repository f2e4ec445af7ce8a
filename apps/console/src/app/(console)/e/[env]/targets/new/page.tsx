import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { Prefetched } from '../../../../../../components/prefetched';
import { AddTarget } from '../../../../../../features/targets/components/add-target';
import { usableClustersOf } from '../../../../../../features/targets/loaders';

interface PageProps {
  readonly params: Promise<{ env: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('targets'))('add') };
}

export default async function AddTargetPage({ params }: PageProps) {
  const { env } = await params;
  return (
    <Prefetched reads={[usableClustersOf(env)]}>
      <AddTarget />
    </Prefetched>
  );
}
