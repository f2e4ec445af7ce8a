import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { Prefetched } from '../../../../../../components/prefetched';
import { TargetDetail } from '../../../../../../features/targets/components/target-detail';
import { targetOf } from '../../../../../../features/targets/loaders';

interface PageProps {
  readonly params: Promise<{ env: string; targetId: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('targets'))('title') };
}

export default async function TargetPage({ params }: PageProps) {
  const { env, targetId } = await params;
  return (
    <Prefetched reads={[targetOf(env, targetId)]}>
      <TargetDetail targetId={targetId} />
    </Prefetched>
  );
}
