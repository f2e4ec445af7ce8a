'use client';

import { Button, Modal } from '@mantine/core';
import type { Environment } from '@moorage/contract';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { ConfirmDialog } from '../../../components/confirm-dialog';
import { FormField } from '../../../components/form-field';
import { ProblemNotice } from '../../../components/problem-notice';
import { useProblemText } from '../../../lib/problem-text';
import { useAction } from '../../../lib/use-action';
import { addEnvironment, changeEnvironment, deleteEnvironment } from '../actions';

interface DialogProps {
  readonly environment: Environment | null;
  readonly onClose: () => void;
}

interface Draft {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
}

function save(environment: Environment | null, { name, displayName, description }: Draft) {
  if (environment !== null) return changeEnvironment(environment, { displayName, description });
  return addEnvironment({ displayName, description, ...(name === '' ? {} : { name }) });
}

function DeleteEnvironment({
  environment,
  onClose,
}: {
  environment: Environment;
  onClose: () => void;
}) {
  const t = useTranslations('environments');
  const router = useRouter();
  const { run, pending, error } = useAction(deleteEnvironment, ['environments']);
  const confirm = async () => {
    const outcome = await run(environment);
    if (!outcome.ok) return;
    router.refresh();
    onClose();
  };
  return (
    <ConfirmDialog
      title={t('deleteTitle', { name: environment.displayName })}
      confirmLabel={t('delete')}
      destructive
      typeToConfirm={environment.name}
      onConfirm={() => void confirm()}
      onClose={onClose}
      pending={pending}
      error={error}
    >
      <p>{t('deleteHint')}</p>
    </ConfirmDialog>
  );
}

/** Adds an environment, or changes what may change: its name is part of objects in clusters and stays. */
export function EnvironmentDialog({ environment, onClose }: DialogProps) {
  const t = useTranslations('environments');
  const router = useRouter();
  const [draft, setDraft] = useState<Draft>({
    name: '',
    displayName: environment?.displayName ?? '',
    description: environment?.description ?? '',
  });
  const [isDeleting, setDeleting] = useState(false);
  const { run, pending, error } = useAction(save, ['environments']);
  const { fields } = useProblemText()(error);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const outcome = await run(environment, draft);
    if (!outcome.ok) return;
    // The header's picker comes with the session, which the server reads.
    router.refresh();
    onClose();
  };
  if (isDeleting && environment !== null)
    return <DeleteEnvironment environment={environment} onClose={onClose} />;
  return (
    <Modal
      opened
      onClose={onClose}
      title={<strong>{t(environment === null ? 'add' : 'edit')}</strong>}
    >
      <form className="stack" onSubmit={(event) => void submit(event)}>
        {error !== null && <ProblemNotice error={error} />}
        <FormField
          label={t('displayName')}
          required
          error={fields.displayName}
          value={draft.displayName}
          onChange={({ currentTarget }) => setDraft({ ...draft, displayName: currentTarget.value })}
        />
        {environment === null && (
          <FormField
            label={t('name')}
            hint={t('nameHint')}
            mono
            error={fields.name}
            value={draft.name}
            onChange={({ currentTarget }) => setDraft({ ...draft, name: currentTarget.value })}
          />
        )}
        <FormField
          kind="area"
          rows={2}
          label={t('description')}
          value={draft.description}
          onChange={({ currentTarget }) => setDraft({ ...draft, description: currentTarget.value })}
        />
        <div className="row">
          {environment !== null && environment.name !== 'default' && (
            <Button variant="default" c="var(--bad)" onClick={() => setDeleting(true)}>
              {t('deleteDots')}
            </Button>
          )}
          <Button variant="default" className="push" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={pending}>
            {t(environment === null ? 'add' : 'save')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
