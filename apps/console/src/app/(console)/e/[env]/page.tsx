import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { Prefetched } from '../../../../components/prefetched';
import { Overview } from '../../../../features/overview/components/overview';
import {
  overviewClustersOf,
  overviewOf,
  overviewPolicyOf,
  overviewTargetsOf,
  unwellRegistriesOf,
} from '../../../../features/overview/loaders';

interface PageProps {
  readonly params: Promise<{ env: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('navigation.places'))('overview') };
}

export default async function OverviewPage({ params }: PageProps) {
  const { env } = await params;
  return (
    <Prefetched
      reads={[
        overviewOf(env),
        overviewClustersOf(env),
        overviewTargetsOf(env),
        unwellRegistriesOf(env),
        overviewPolicyOf(env),
      ]}
    >
      <Overview />
    </Prefetched>
  );
}
