import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { Prefetched } from '../../../../components/prefetched';
import { ApiKeysView } from '../../../../features/api-keys/components/api-keys-view';
import { myApiKeys } from '../../../../features/api-keys/loaders';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('apiKeys'))('title') };
}

export default function ApiKeysPage() {
  return (
    <Prefetched reads={[myApiKeys()]}>
      <ApiKeysView />
    </Prefetched>
  );
}
