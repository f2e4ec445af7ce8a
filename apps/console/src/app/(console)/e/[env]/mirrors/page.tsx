import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import type { SearchParams } from 'nuqs/server';
import { Prefetched } from '../../../../../components/prefetched';
import { MirrorsView } from '../../../../../features/mirrors/components/mirrors-view';
import {
  loadMirrorFilters,
  mirrorsOf,
  nodeConfigOf,
} from '../../../../../features/mirrors/loaders';

interface PageProps {
  readonly params: Promise<{ env: string }>;
  readonly searchParams: Promise<SearchParams>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('mirrors'))('title') };
}

export default async function MirrorsPage({ params, searchParams }: PageProps) {
  const { env } = await params;
  const { format } = await loadMirrorFilters(searchParams);
  return (
    <Prefetched reads={[mirrorsOf(env), nodeConfigOf(env, format)]}>
      <MirrorsView />
    </Prefetched>
  );
}
