import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import type { SearchParams } from 'nuqs/server';
import { Prefetched } from '../../../../components/prefetched';
import { UsersView } from '../../../../features/users/components/users-view';
import { loadUserFilters, usersOf } from '../../../../features/users/loaders';
import { requirePermission } from '../../../../lib/session';

interface PageProps {
  readonly searchParams: Promise<SearchParams>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('users'))('title') };
}

export default async function UsersPage({ searchParams }: PageProps) {
  await requirePermission('users:manage');
  const filters = await loadUserFilters(searchParams);
  return (
    <Prefetched reads={[usersOf(filters)]}>
      <UsersView />
    </Prefetched>
  );
}
