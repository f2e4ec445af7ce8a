import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { Prefetched } from '../../../../../components/prefetched';
import { PolicyView } from '../../../../../features/policy/components/policy-view';
import { policyOf, settingsOf } from '../../../../../features/policy/loaders';

interface PageProps {
  readonly params: Promise<{ env: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('policy'))('title') };
}

export default async function PolicyPage({ params }: PageProps) {
  const { env } = await params;
  return (
    <Prefetched reads={[settingsOf(env), policyOf(env)]}>
      <PolicyView />
    </Prefetched>
  );
}
