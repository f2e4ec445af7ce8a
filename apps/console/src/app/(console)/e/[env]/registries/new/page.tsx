import type { Metadata } from 'next';
import dynamic from 'next/dynamic';
import { getTranslations } from 'next-intl/server';
import { LoadingRows } from '../../../../../../components/states';

const AddRegistry = dynamic(
  () =>
    import('../../../../../../features/registries/components/add-registry').then(
      (module) => module.AddRegistry,
    ),
  { loading: LoadingRows },
);

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('registries.add'))('title') };
}

export default function AddRegistryPage() {
  return <AddRegistry />;
}
