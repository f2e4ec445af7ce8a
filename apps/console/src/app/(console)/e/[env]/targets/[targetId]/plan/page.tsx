import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { Prefetched } from '../../../../../../../components/prefetched';
import { TargetPlan } from '../../../../../../../features/targets/components/target-plan';
import { targetOf } from '../../../../../../../features/targets/loaders';

interface PageProps {
  readonly params: Promise<{ env: string; targetId: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('targets.plan'))('title') };
}

export default async function TargetPlanPage({ params }: PageProps) {
  const { env, targetId } = await params;
  return (
    <Prefetched reads={[targetOf(env, targetId)]}>
      <TargetPlan targetId={targetId} />
    </Prefetched>
  );
}
