'use client';

import { Button, Modal } from '@mantine/core';
import type { Credential, Registry } from '@moorage/contract';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { FormField } from '../../../components/form-field';
import { ProblemNotice } from '../../../components/problem-notice';
import { RegistryCost } from '../../../components/registry-cost';
import { Time } from '../../../components/time';
import { useProblemText } from '../../../lib/problem-text';
import { useEnvironment } from '../../../lib/session-context';
import { useAction } from '../../../lib/use-action';
import { addCredential, type CredentialChange, changeCredential } from '../actions';
import { JsonKeyField } from './json-key-field';
import { PROVIDER_FORMS } from './provider-forms';
import { expiryOf } from './registry-draft';

interface DialogProps {
  readonly registry: Registry;
  /** null = a new one */
  readonly credential: Credential | null;
  readonly onClose: () => void;
}

interface Draft {
  readonly username: string;
  /** null = left as it is */
  readonly password: string | null;
  readonly scope: string;
  readonly description: string;
  readonly expiresAt: string;
}

function startOf({ registry, credential }: DialogProps): Draft {
  return {
    username: credential?.username ?? PROVIDER_FORMS[registry.provider].fixedUsername ?? '',
    password: credential === null ? '' : null,
    scope: credential?.scope ?? '',
    description: credential?.description ?? '',
    expiresAt: credential?.expiresAt?.slice(0, 10) ?? '',
  };
}

/** Untouched means unchanged: only what differs is sent. */
function changeOf(draft: Draft, start: Draft): CredentialChange {
  return {
    ...(draft.username === start.username ? {} : { username: draft.username.trim() }),
    ...(draft.password === null ? {} : { password: draft.password }),
    ...(draft.description === start.description ? {} : { description: draft.description }),
    ...(draft.expiresAt === start.expiresAt ? {} : { expiresAt: expiryOf(draft.expiresAt) }),
  };
}

function useCredentialForm(props: DialogProps) {
  const { registry, credential, onClose } = props;
  const { env } = useEnvironment();
  const [start] = useState(() => startOf(props));
  const [draft, setDraft] = useState(start);
  const save = async (next: Draft) => {
    if (credential !== null)
      return changeCredential(env, registry.id, credential, changeOf(next, start));
    const { username, password, scope, description, expiresAt } = next;
    return addCredential(env, registry.id, {
      username: username.trim(),
      password: password ?? '',
      scope: scope.trim(),
      description,
      expiresAt: expiryOf(expiresAt),
    });
  };
  const action = useAction(save, ['credentials']);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const outcome = await action.run(draft);
    if (!outcome.ok) return;
    setDraft(startOf(props));
    onClose();
  };
  return {
    draft,
    set: (change: Partial<Draft>) => setDraft({ ...draft, ...change }),
    submit,
    /** another user name or secret than before will be effective */
    isOtherLogin:
      credential === null ||
      (credential.effective && (draft.username !== start.username || draft.password !== null)),
    ...action,
  };
}

function SecretField({
  registry,
  credential,
  draft,
  set,
  error,
}: Pick<DialogProps, 'registry' | 'credential'> & {
  draft: Draft;
  set: (change: Partial<Draft>) => void;
  error: string | undefined;
}) {
  const t = useTranslations('registries');
  const { secret } = PROVIDER_FORMS[registry.provider];
  if (draft.password === null && credential !== null) {
    return (
      <div className="row">
        <span>
          {t.rich('stack.secretSet', { time: () => <Time value={credential.secretSetAt} /> })}
        </span>
        <Button variant="default" onClick={() => set({ password: '' })}>
          {t('connection.replace')}
        </Button>
      </div>
    );
  }
  const value = draft.password ?? '';
  if (secret === 'jsonKey')
    return <JsonKeyField value={value} onChange={(password) => set({ password })} error={error} />;
  return (
    <FormField
      kind="secret"
      label={t(`form.${secret}`)}
      required
      error={error}
      value={value}
      onChange={({ currentTarget }) => set({ password: currentTarget.value })}
    />
  );
}

/** Nodes know one login per host, where it is delivered to them: that of the whole registry. */
function reachesNodes({ state, deliver }: Registry, { scope }: Draft): boolean {
  return state === 'enabled' && deliver !== 'pull-secret' && scope.trim() === '';
}

/** Adds a newer credential, or edits one; the order of the stack is changed only by adding. */
export function CredentialDialog(props: DialogProps) {
  const { registry, credential, onClose } = props;
  const t = useTranslations('registries');
  const { env } = useEnvironment();
  const { draft, set, submit, isOtherLogin, pending, error } = useCredentialForm(props);
  const { fields } = useProblemText()(error);
  const title = credential === null ? t('stack.addNewer') : t('stack.editTitle');
  return (
    <Modal opened onClose={onClose} title={<strong>{title}</strong>} size={480}>
      <form className="stack" onSubmit={(event) => void submit(event)}>
        <p className="dim">
          {registry.name} <span className="mono">{registry.address}</span>
        </p>
        {error !== null && <ProblemNotice error={error} />}
        <FormField
          label={t('form.username')}
          mono
          required
          error={fields.username}
          value={draft.username}
          onChange={({ currentTarget }) => set({ username: currentTarget.value })}
        />
        <SecretField
          registry={registry}
          credential={credential}
          draft={draft}
          set={set}
          error={fields.password}
        />
        {credential === null && (
          <FormField
            label={t('form.scope')}
            hint={t('form.scopeHint')}
            mono
            error={fields.scope}
            value={draft.scope}
            onChange={({ currentTarget }) => set({ scope: currentTarget.value })}
          />
        )}
        <FormField
          kind="date"
          label={t('form.expires')}
          value={draft.expiresAt}
          onChange={({ currentTarget }) => set({ expiresAt: currentTarget.value })}
        />
        <FormField
          label={t('form.description')}
          value={draft.description}
          onChange={({ currentTarget }) => set({ description: currentTarget.value })}
        />
        {isOtherLogin && reachesNodes(registry, draft) && (
          <RegistryCost env={env} address={registry.address} change="login" />
        )}
        <div className="row">
          <Button variant="default" className="push" onClick={onClose}>
            {t('add.cancel')}
          </Button>
          <Button type="submit" loading={pending}>
            {credential === null ? t('stack.add') : t('stack.save')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
