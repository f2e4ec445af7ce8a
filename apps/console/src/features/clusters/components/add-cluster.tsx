'use client';

import { Button } from '@mantine/core';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { FormField } from '../../../components/form-field';
import { LinkButton } from '../../../components/link-button';
import { PageHeader } from '../../../components/page-header';
import { ProblemNotice } from '../../../components/problem-notice';
import { useProblemText } from '../../../lib/problem-text';
import { useAction } from '../../../lib/use-action';
import { addCluster } from '../actions';
import { type AccessDraft, AccessFields, accessOf, EMPTY_ACCESS } from './access-fields';

/** Connects a cluster; its access is sealed on the server and never shown again. */
export function AddCluster() {
  const t = useTranslations('clusters');
  const router = useRouter();
  const [name, setName] = useState('');
  const [draft, setDraft] = useState<AccessDraft>(EMPTY_ACCESS);
  const { run, pending, error } = useAction(addCluster, ['clusters']);
  const { fields } = useProblemText()(error);
  const access = accessOf(draft);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (access === null) return;
    const outcome = await run(name.trim(), access);
    if (!outcome.ok) return;
    setDraft(EMPTY_ACCESS);
    router.push(`/installation/clusters/${outcome.value.id}`);
  };
  return (
    <>
      <PageHeader title={t('add')} about={t('addAbout')} />
      <form className="stack" style={{ maxWidth: 720 }} onSubmit={(event) => void submit(event)}>
        {error !== null && <ProblemNotice error={error} />}
        <FormField
          label={t('name')}
          hint={t('nameHint')}
          placeholder="prod-eu"
          mono
          required
          error={fields.name}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <AccessFields
          draft={draft}
          set={(change) => setDraft((old) => ({ ...old, ...change }))}
          fieldErrors={fields}
        />
        <div className="row">
          <Button type="submit" loading={pending} disabled={access === null || name.trim() === ''}>
            {t('connect')}
          </Button>
          <LinkButton variant="default" href="/installation/clusters">
            {t('cancel')}
          </LinkButton>
        </div>
      </form>
    </>
  );
}
