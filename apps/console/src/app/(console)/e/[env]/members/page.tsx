import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { Prefetched } from '../../../../../components/prefetched';
import { MembersView } from '../../../../../features/members/components/members-view';
import { membersOf } from '../../../../../features/members/loaders';

interface PageProps {
  readonly params: Promise<{ env: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('members'))('title') };
}

export default async function MembersPage({ params }: PageProps) {
  const { env } = await params;
  return (
    <Prefetched reads={[membersOf(env)]}>
      <MembersView />
    </Prefetched>
  );
}
