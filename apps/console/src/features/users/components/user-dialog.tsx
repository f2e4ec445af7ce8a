'use client';

import { Button, Checkbox, Modal } from '@mantine/core';
import type { User } from '@moorage/contract';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { ConfirmDialog } from '../../../components/confirm-dialog';
import { FormField } from '../../../components/form-field';
import { ProblemNotice } from '../../../components/problem-notice';
import { useProblemText } from '../../../lib/problem-text';
import { useAction } from '../../../lib/use-action';
import { addUser, changeUser, deleteUser } from '../actions';

interface Draft {
  readonly username: string;
  readonly displayName: string;
  readonly password: string;
  readonly role: User['role'];
  readonly state: User['state'];
}

function startOf(user: User | null): Draft {
  return {
    username: user?.username ?? '',
    displayName: user?.displayName ?? '',
    password: '',
    role: user?.role ?? 'user',
    state: user?.state ?? 'active',
  };
}

function save(user: User | null, draft: Draft) {
  const { username, displayName, password, role, state } = draft;
  if (user === null) return addUser({ username: username.trim(), displayName, password, role });
  return changeUser(user, { displayName, role, state, ...(password === '' ? {} : { password }) });
}

function DeleteUser({ user, onClose }: { user: User; onClose: () => void }) {
  const t = useTranslations('users');
  const { run, pending, error } = useAction(deleteUser, ['users']);
  const confirm = async () => {
    const outcome = await run(user);
    if (outcome.ok) onClose();
  };
  return (
    <ConfirmDialog
      title={t('deleteTitle', { username: user.username })}
      confirmLabel={t('delete')}
      destructive
      typeToConfirm={user.username}
      onConfirm={() => void confirm()}
      onClose={onClose}
      pending={pending}
      error={error}
    >
      <p>{t('deleteHint')}</p>
    </ConfirmDialog>
  );
}

interface FieldsProps {
  readonly user: User | null;
  readonly draft: Draft;
  readonly set: (change: Partial<Draft>) => void;
  readonly fields: Readonly<Record<string, string>>;
}

function UserFields({ user, draft, set, fields }: FieldsProps) {
  const t = useTranslations('users');
  return (
    <>
      <FormField
        label={t('username')}
        hint={user === null ? t('usernameHint') : undefined}
        mono
        required
        disabled={user !== null}
        error={fields.username}
        value={draft.username}
        onChange={({ currentTarget }) => set({ username: currentTarget.value })}
      />
      <FormField
        label={t('displayName')}
        value={draft.displayName}
        onChange={({ currentTarget }) => set({ displayName: currentTarget.value })}
      />
      <FormField
        kind="secret"
        label={user === null ? t('password') : t('newPassword')}
        hint={user === null ? t('passwordHint') : t('newPasswordHint')}
        required={user === null}
        error={fields.password}
        value={draft.password}
        onChange={({ currentTarget }) => set({ password: currentTarget.value })}
      />
      <FormField
        kind="choice"
        label={t('roleLabel')}
        hint={t(`roleHint.${draft.role}`)}
        choices={(['user', 'admin'] as const).map((value) => ({
          value,
          label: t(`role.${value}`),
        }))}
        value={draft.role}
        onChange={({ currentTarget }) =>
          set({ role: currentTarget.value === 'admin' ? 'admin' : 'user' })
        }
      />
      {user !== null && (
        <Checkbox
          label={t('disabled')}
          checked={draft.state === 'disabled'}
          onChange={({ currentTarget }) =>
            set({ state: currentTarget.checked ? 'disabled' : 'active' })
          }
        />
      )}
    </>
  );
}

/** Adds a user, or changes one; a new password or disabling ends that user's sessions. */
export function UserDialog({ user, onClose }: { user: User | null; onClose: () => void }) {
  const t = useTranslations('users');
  const [draft, setDraft] = useState(() => startOf(user));
  const [isDeleting, setDeleting] = useState(false);
  const { run, pending, error } = useAction(save, ['users']);
  const { fields } = useProblemText()(error);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const outcome = await run(user, draft);
    if (!outcome.ok) return;
    setDraft(startOf(null));
    onClose();
  };
  if (isDeleting && user !== null) return <DeleteUser user={user} onClose={onClose} />;
  return (
    <Modal opened onClose={onClose} title={<strong>{t(user === null ? 'add' : 'edit')}</strong>}>
      <form className="stack" onSubmit={(event) => void submit(event)}>
        {error !== null && <ProblemNotice error={error} />}
        <UserFields
          user={user}
          draft={draft}
          set={(change) => setDraft({ ...draft, ...change })}
          fields={fields}
        />
        <div className="row">
          {user !== null && (
            <Button variant="default" c="var(--bad)" onClick={() => setDeleting(true)}>
              {t('deleteDots')}
            </Button>
          )}
          <Button variant="default" className="push" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={pending}>
            {t(user === null ? 'add' : 'save')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
