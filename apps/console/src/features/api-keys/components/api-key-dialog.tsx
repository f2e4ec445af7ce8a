'use client';

import { Button, Checkbox, Modal } from '@mantine/core';
import type { Permission } from '@moorage/contract';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { CopyButton } from '../../../components/copy-button';
import { FormField } from '../../../components/form-field';
import { Notice } from '../../../components/notice';
import { ProblemNotice } from '../../../components/problem-notice';
import { useProblemText } from '../../../lib/problem-text';
import { useSession } from '../../../lib/session-context';
import { useAction } from '../../../lib/use-action';
import { addApiKey } from '../actions';
import classes from './api-keys.module.css';

interface Draft {
  readonly name: string;
  readonly environmentId: string;
  readonly permissions: readonly Permission[];
  readonly expiresAt: string;
}

const EMPTY: Draft = { name: '', environmentId: '', permissions: [], expiresAt: '' };

function save({ name, environmentId, permissions, expiresAt }: Draft) {
  return addApiKey({
    name: name.trim(),
    permissions: [...permissions],
    ...(environmentId === '' ? {} : { environmentId }),
    ...(expiresAt === '' ? {} : { expiresAt: new Date(`${expiresAt}T23:59:59`).toISOString() }),
  });
}

/** A key can do what its owner can: in the chosen environment, or anywhere. */
function usePermissionChoices(environmentId: string): readonly Permission[] {
  const { environments, permissions } = useSession();
  const chosen = environments.find(({ id }) => id === environmentId);
  if (chosen !== undefined) return chosen.permissions;
  return [...new Set([...permissions, ...environments.flatMap((each) => each.permissions)])];
}

/** The key itself is in memory only while this is open, and nowhere else. */
function NewKey({ value, onClose }: { value: string; onClose: () => void }) {
  const t = useTranslations('apiKeys');
  return (
    <Modal
      opened
      onClose={onClose}
      title={<strong>{t('created')}</strong>}
      closeOnClickOutside={false}
    >
      <div className="stack">
        <Notice tone="warn">{t('shownOnce')}</Notice>
        <code className="code">{value}</code>
        <div className="row">
          <CopyButton text={value} />
          <Button className="push" onClick={onClose}>
            {t('done')}
          </Button>
        </div>
      </div>
    </Modal>
  );
}

function PermissionChoices({
  draft,
  set,
}: {
  draft: Draft;
  set: (change: Partial<Draft>) => void;
}) {
  const t = useTranslations('apiKeys');
  const choices = usePermissionChoices(draft.environmentId);
  return (
    <Checkbox.Group
      label={t('permissions')}
      value={[...draft.permissions]}
      onChange={(next) => set({ permissions: choices.filter((each) => next.includes(each)) })}
    >
      <div className={classes.permissions}>
        {choices.map((permission) => (
          <Checkbox
            key={permission}
            value={permission}
            label={<span className="mono">{permission}</span>}
          />
        ))}
      </div>
    </Checkbox.Group>
  );
}

export function ApiKeyDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('apiKeys');
  const { environments } = useSession();
  const [draft, setDraft] = useState(EMPTY);
  const [created, setCreated] = useState<string | null>(null);
  const { run, pending, error } = useAction(save, ['api-keys']);
  const { fields } = useProblemText()(error);
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const outcome = await run(draft);
    if (outcome.ok) setCreated(outcome.value.key);
  };
  if (created !== null) return <NewKey value={created} onClose={onClose} />;
  return (
    <Modal opened onClose={onClose} title={<strong>{t('add')}</strong>} size={560}>
      <form className="stack" onSubmit={(event) => void submit(event)}>
        {error !== null && <ProblemNotice error={error} />}
        <FormField
          label={t('name')}
          hint={t('nameHint')}
          required
          error={fields.name}
          value={draft.name}
          onChange={({ currentTarget }) => set({ name: currentTarget.value })}
        />
        <FormField
          kind="choice"
          label={t('where')}
          choices={[
            { value: '', label: t('everywhere') },
            ...environments.map(({ id, displayName }) => ({ value: id, label: displayName })),
          ]}
          value={draft.environmentId}
          onChange={({ currentTarget }) =>
            set({ environmentId: currentTarget.value, permissions: [] })
          }
        />
        <PermissionChoices draft={draft} set={set} />
        <FormField
          kind="date"
          label={t('expires')}
          error={fields.expiresAt}
          value={draft.expiresAt}
          onChange={({ currentTarget }) => set({ expiresAt: currentTarget.value })}
        />
        <div className="row">
          <Button variant="default" className="push" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={pending} disabled={draft.permissions.length === 0}>
            {t('add')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
