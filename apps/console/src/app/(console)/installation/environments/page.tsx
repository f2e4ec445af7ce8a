import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { Prefetched } from '../../../../components/prefetched';
import { EnvironmentsView } from '../../../../features/environments/components/environments-view';
import { allEnvironments } from '../../../../features/environments/loaders';
import { requirePermission } from '../../../../lib/session';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('environments'))('title') };
}

export default async function EnvironmentsPage() {
  await requirePermission('environments:manage');
  return (
    <Prefetched reads={[allEnvironments()]}>
      <EnvironmentsView />
    </Prefetched>
  );
}
