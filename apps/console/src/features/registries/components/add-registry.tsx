'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { PageHeader } from '../../../components/page-header';
import type { Provider } from '../labels';
import { AddRegistryForm } from './add-registry-form';
import { PasteBox } from './paste-box';
import { ProviderCards } from './provider-cards';
import type { PastedLogin } from './read-paste';
import {
  EMPTY_DRAFT,
  partsOfAddress,
  providerOfAddress,
  type RegistryDraft,
} from './registry-draft';

function draftOf(login: PastedLogin): { provider: Provider; draft: RegistryDraft } {
  const recognised = providerOfAddress(login.address);
  const parts = partsOfAddress(recognised, login.address);
  const draft = {
    ...EMPTY_DRAFT,
    address: login.address,
    username: login.username,
    password: login.password,
    scope: login.scope,
    ...(parts === null ? {} : { parts }),
  };
  return { provider: recognised, draft };
}

/** First which provider (or anything pasted), then only what that provider needs. */
export function AddRegistry() {
  const t = useTranslations('registries.add');
  const [provider, setProvider] = useState<Provider | null>(null);
  const [start, setStart] = useState<RegistryDraft>(EMPTY_DRAFT);
  const [filled, setFilled] = useState(0);
  const fill = (login: PastedLogin) => {
    const next = draftOf(login);
    setStart(next.draft);
    setProvider(next.provider);
    setFilled((count) => count + 1);
  };
  const choose = (next: Provider) => {
    setStart(EMPTY_DRAFT);
    setProvider(next);
  };
  return (
    <>
      <PageHeader title={t('title')} about={t('about')} />
      {provider === null ? (
        <>
          <PasteBox onLogin={fill} />
          <ProviderCards chosen={provider} onChoose={choose} />
        </>
      ) : (
        <AddRegistryForm
          key={`${provider}${filled}`}
          provider={provider}
          start={start}
          onBack={() => {
            setStart(EMPTY_DRAFT);
            setProvider(null);
          }}
        />
      )}
    </>
  );
}
