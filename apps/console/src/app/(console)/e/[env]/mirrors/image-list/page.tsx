import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { ImageListView } from '../../../../../../features/node-config/components/image-list-view';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('imageList'))('title') };
}

export default function ImageListPage() {
  return <ImageListView />;
}
