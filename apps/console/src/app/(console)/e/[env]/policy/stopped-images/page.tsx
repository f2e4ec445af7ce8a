import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { StoppedImagesView } from '../../../../../../features/policy/components/stopped-images-view';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('policy.stopped'))('title') };
}

/** Read in the browser: the answer comes from the clusters, and one of them may be slow. */
export default function StoppedImagesPage() {
  return <StoppedImagesView />;
}
