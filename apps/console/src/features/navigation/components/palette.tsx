'use client';

import '@mantine/spotlight/styles.css';
import { Spotlight, type SpotlightActionData, spotlight } from '@mantine/spotlight';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { registriesMatching } from '../loaders';
import { type ResolvedPlace, useCurrentEnvironment, usePlaces } from './use-places';

function canAskAboutImages(environment: readonly ResolvedPlace[]): boolean {
  return environment.some(({ id }) => id === 'policy');
}

/** Part of a page's name is most likely meant as that; a name with a tag or a path never is. */
function mayBeImage(text: string, pages: readonly SpotlightActionData[]): boolean {
  const lower = text.toLowerCase();
  const isPage = pages.some(({ label }) => label?.toLowerCase().includes(lower));
  return text !== '' && (/[/:@]/.test(text) || !isPage);
}

/** Pages and registries by name, from anywhere. Opens when it is mounted. */
export function Palette() {
  const t = useTranslations('navigation');
  const router = useRouter();
  const env = useCurrentEnvironment();
  const { environment, tools, installation } = usePlaces();
  const [query, setQuery] = useState('');
  const { data } = useQuery({
    ...registriesMatching(env, query),
    placeholderData: keepPreviousData,
  });
  useEffect(() => spotlight.open(), []);
  const pagesOf = (places: readonly ResolvedPlace[], description: string): SpotlightActionData[] =>
    places.map(({ id, href }) => ({
      id: href,
      label: t(`places.${id}`),
      description,
      onClick: () => router.push(href),
    }));
  const pages = [
    ...pagesOf(environment, env),
    ...pagesOf(tools, t('tools')),
    ...pagesOf(installation, t('installation')),
  ];
  const registries: SpotlightActionData[] = (data?.items ?? []).map(({ id, name, address }) => ({
    id,
    label: name,
    description: address,
    keywords: address,
    onClick: () => router.push(`/e/${env}/registries/${id}`),
  }));
  const asked = query.trim();
  const isOffered = canAskAboutImages(environment) && mayBeImage(asked, pages);
  const question: SpotlightActionData = {
    id: 'try-image',
    label: t('tryImage', { image: asked }),
    description: env,
    // What was typed, so that the palette's own filter keeps it.
    keywords: query,
    onClick: () => router.push(`/e/${env}/policy?image=${encodeURIComponent(asked)}`),
  };
  return (
    <Spotlight
      actions={[
        { group: t('places.registries'), actions: registries },
        { group: t('pages'), actions: pages },
        { group: t('places.policy'), actions: isOffered ? [question] : [] },
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
