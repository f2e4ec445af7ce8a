'use client';

import '@mantine/spotlight/styles.css';
import { Spotlight, type SpotlightActionData, spotlight } from '@mantine/spotlight';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { registriesMatching } from '../loaders';
import { useCurrentEnvironment, usePlaces } from './use-places';

/** Pages and registries by name, from anywhere. Opens when it is mounted. */
export function Palette() {
  const t = useTranslations('navigation');
  const router = useRouter();
  const env = useCurrentEnvironment();
  const { environment, installation } = usePlaces();
  const [query, setQuery] = useState('');
  const { data } = useQuery({
    ...registriesMatching(env, query),
    placeholderData: keepPreviousData,
  });
  useEffect(() => spotlight.open(), []);
  const pages: SpotlightActionData[] = [...environment, ...installation].map(({ id, href }) => ({
    id: href,
    label: t(`places.${id}`),
    description: href.startsWith('/installation') ? t('installation') : env,
    onClick: () => router.push(href),
  }));
  const registries: SpotlightActionData[] = (data?.items ?? []).map(({ id, name, address }) => ({
    id,
    label: name,
    description: address,
    keywords: address,
    onClick: () => router.push(`/e/${env}/registries/${id}`),
  }));
  return (
    <Spotlight
      actions={[
        { group: t('places.registries'), actions: registries },
        { group: t('pages'), actions: pages },
      ]}
      query={query}
      onQueryChange={setQuery}
      nothingFound={t('nothingFound')}
      searchProps={{ placeholder: t('search'), 'aria-label': t('search') }}
      shortcut={null}
      limit={12}
      scrollable
      maxHeight={420}
      lockScroll={false}
    />
  );
}
