import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { ImportView } from '../../../../../../features/node-config/components/import-view';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('nodeImport'))('title') };
}

export default function ImportPage() {
  return <ImportView />;
}
