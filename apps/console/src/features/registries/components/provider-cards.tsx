'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { SearchBox } from '../../../components/search-box';
import { PROVIDER_LABELS, type Provider } from '../labels';
import { ProviderMark } from './provider-mark';
import classes from './registries.module.css';

const ORDER: readonly Provider[] = [
  'dockerhub',
  'quay',
  'aws-ecr',
  'gcr',
  'artifact-registry',
  'harbor',
  'ghcr',
  'gitlab',
  'acr',
  'jfrog',
  'nexus',
  'aws-ecr-public',
  'alibaba-acr',
  'tencent-tcr',
  'huawei-swr',
  'generic',
];

export function ProviderCards({ onChoose }: { onChoose: (provider: Provider) => void }) {
  const t = useTranslations('registries.add');
  const [query, setQuery] = useState('');
  const wanted = query.trim().toLowerCase();
  const nameOf = (provider: Provider) =>
    provider === 'generic' ? t('generic') : PROVIDER_LABELS[provider].name;
  const shown = ORDER.filter((each) => `${nameOf(each)} ${each}`.toLowerCase().includes(wanted));
  return (
    <section className="stack" aria-label={t('provider')}>
      <div className="row">
        <h2>{t('provider')}</h2>
        <span className="push" />
        <SearchBox label={t('findProvider')} value={query} onChange={setQuery} />
      </div>
      <div className={classes.cards}>
        {shown.map((provider) => (
          <button
            key={provider}
            type="button"
            className={classes.providerCard}
            onClick={() => onChoose(provider)}
          >
            <ProviderMark provider={provider} />
            {nameOf(provider)}
          </button>
        ))}
      </div>
    </section>
  );
}
