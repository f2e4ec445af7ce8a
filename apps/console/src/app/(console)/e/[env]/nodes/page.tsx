import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { NodesView } from '../../../../../features/nodes/components/nodes-view';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('nodes'))('title') };
}

/** Not read ahead: it asks every cluster, and one that does not answer would hold the page back. */
export default function NodesPage() {
  return <NodesView />;
}
