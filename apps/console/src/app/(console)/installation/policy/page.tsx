import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { Prefetched } from '../../../../components/prefetched';
import { InstallationPolicyView } from '../../../../features/policy/components/installation-policy-view';
import { installationSettings } from '../../../../features/policy/loaders';
import { requirePermission } from '../../../../lib/session';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('policy'))('titleAll') };
}

export default async function InstallationPolicyPage() {
  await requirePermission('installation-settings:write');
  return (
    <Prefetched reads={[installationSettings()]}>
      <InstallationPolicyView />
    </Prefetched>
  );
}
