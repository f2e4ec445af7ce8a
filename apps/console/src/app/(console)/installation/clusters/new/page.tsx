import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { AddCluster } from '../../../../../features/clusters/components/add-cluster';
import { requirePermission } from '../../../../../lib/session';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('clusters'))('add') };
}

export default async function AddClusterPage() {
  await requirePermission('clusters:manage');
  return <AddCluster />;
}
