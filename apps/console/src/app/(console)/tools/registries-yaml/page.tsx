import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { CheckerView } from '../../../../features/tools/components/checker-view';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('checker'))('title') };
}

export default function RegistriesYamlPage() {
  return <CheckerView />;
}
