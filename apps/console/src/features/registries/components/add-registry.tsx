'use client';

import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { PageHeader } from '../../../components/page-header';
import { LoadingRows } from '../../../components/states';
import type { Provider } from '../labels';
import { PasteBox } from './paste-box';
import { ProviderCards } from './provider-cards';
import type { FilledForm } from './read-paste';

// Brings the parsers of addresses along, which choosing a provider does not need.
const AddRegistryForm = dynamic(
  () => import('./add-registry-form').then((module) => module.AddRegistryForm),
  { loading: LoadingRows },
);

/** First which provider (or anything pasted), then only what that provider needs. */
export function AddRegistry() {
  const t = useTranslations('registries.add');
  const [form, setForm] = useState<FilledForm | null>(null);
  const choose = (provider: Provider) => setForm({ provider, draft: null });
  return (
    <>
      <PageHeader title={t('title')} about={t('about')} />
      {form === null ? (
        <>
          <PasteBox onFilled={setForm} />
          <ProviderCards onChoose={choose} />
        </>
      ) : (
        <AddRegistryForm provider={form.provider} start={form.draft} onBack={() => setForm(null)} />
      )}
    </>
  );
}
