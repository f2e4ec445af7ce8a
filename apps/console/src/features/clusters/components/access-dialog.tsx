'use client';

import { Button, Modal } from '@mantine/core';
import type { Cluster } from '@moorage/contract';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { ProblemNotice } from '../../../components/problem-notice';
import { useProblemText } from '../../../lib/problem-text';
import { useAction } from '../../../lib/use-action';
import { replaceAccess } from '../actions';
import { type AccessDraft, AccessFields, accessOf, EMPTY_ACCESS } from './access-fields';

/** New access replaces the old one whole; the old one is never shown. */
export function AccessDialog({ cluster, onClose }: { cluster: Cluster; onClose: () => void }) {
  const t = useTranslations('clusters');
  const [draft, setDraft] = useState<AccessDraft>(EMPTY_ACCESS);
  const { run, pending, error } = useAction(replaceAccess, ['clusters']);
  const { fields } = useProblemText()(error);
  const access = accessOf(draft);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (access === null) return;
    const outcome = await run(cluster, access);
    if (!outcome.ok) return;
    setDraft(EMPTY_ACCESS);
    onClose();
  };
  return (
    <Modal opened onClose={onClose} title={<strong>{t('replaceAccess')}</strong>} size={600}>
      <form className="stack" onSubmit={(event) => void submit(event)}>
        {error !== null && <ProblemNotice error={error} />}
        <AccessFields
          draft={draft}
          set={(change) => setDraft((old) => ({ ...old, ...change }))}
          fieldErrors={fields}
        />
        <div className="row">
          <Button variant="default" className="push" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={pending} disabled={access === null}>
            {t('replace')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
