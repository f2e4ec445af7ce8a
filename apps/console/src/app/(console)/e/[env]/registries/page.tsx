import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import type { SearchParams } from 'nuqs/server';
import { Prefetched } from '../../../../../components/prefetched';
import { RegistriesView } from '../../../../../features/registries/components/registries-view';
import {
  credentialsOf,
  loadRegistryFilters,
  registriesOf,
  registryOf,
  registrySummaryOf,
} from '../../../../../features/registries/loaders';

interface PageProps {
  readonly params: Promise<{ env: string }>;
  readonly searchParams: Promise<SearchParams>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('registries'))('title') };
}

export default async function RegistriesPage({ params, searchParams }: PageProps) {
  const { env } = await params;
  const { peek } = await searchParams;
  const filters = await loadRegistryFilters(searchParams);
  const peeked = typeof peek === 'string' ? [registryOf(env, peek), credentialsOf(env, peek)] : [];
  return (
    <Prefetched reads={[registriesOf(env, filters), registrySummaryOf(env), ...peeked]}>
      <RegistriesView />
    </Prefetched>
  );
}
