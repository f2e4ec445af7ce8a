'use client';

import { Button } from '@mantine/core';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { FormField } from '../../../components/form-field';
import { LinkButton } from '../../../components/link-button';
import { ProblemNotice } from '../../../components/problem-notice';
import { useProblemText } from '../../../lib/problem-text';
import { useEnvironment } from '../../../lib/session-context';
import { useAction } from '../../../lib/use-action';
import { addRegistry } from '../actions';
import { PROVIDER_LABELS, type Provider } from '../labels';
import { AddressFields } from './address-fields';
import { ConnectionFields } from './connection-fields';
import { LoginFields } from './login-fields';
import { PROVIDER_FORMS } from './provider-forms';
import { ProviderMark } from './provider-mark';
import classes from './registries.module.css';
import { EMPTY_DRAFT, type RegistryDraft, registryInputOf } from './registry-draft';

const DELIVER = ['both', 'pull-secret', 'nodes'] as const;

interface AddRegistryFormProps {
  readonly provider: Provider;
  readonly start: RegistryDraft | null;
  readonly onBack: () => void;
}

function useRegistryForm({ provider, start }: AddRegistryFormProps) {
  const router = useRouter();
  const { env } = useEnvironment();
  const [draft, setWhole] = useState(start ?? EMPTY_DRAFT);
  const setDraft = (change: Partial<RegistryDraft>) => setWhole((old) => ({ ...old, ...change }));
  const action = useAction(addRegistry, ['registries', 'credentials']);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const outcome = await action.run(env, registryInputOf(provider, draft, Date.now()));
    if (!outcome.ok) return;
    // The secret was sent; nothing here keeps it while the next page is loaded.
    setWhole(EMPTY_DRAFT);
    router.push(`/e/${env}/registries?peek=${outcome.value.id}`);
  };
  return { draft, setDraft, env, submit, ...action };
}

/** Only the fields that the chosen provider needs; everything else has a good default. */
export function AddRegistryForm(props: AddRegistryFormProps) {
  const { provider, onBack } = props;
  const t = useTranslations('registries');
  const { draft, setDraft, env, submit, pending, error } = useRegistryForm(props);
  const { fields } = useProblemText()(error);
  const { hint } = PROVIDER_FORMS[provider];
  const title = provider === 'generic' ? t('add.generic') : PROVIDER_LABELS[provider].name;
  const shared = { provider, draft, setDraft, fieldErrors: fields };
  return (
    <form className={classes.form} onSubmit={(event) => void submit(event)}>
      <div className="row">
        <ProviderMark provider={provider} />
        <h2>{title}</h2>
        <Button variant="default" size="compact-sm" onClick={onBack}>
          {t('add.other')}
        </Button>
      </div>
      {hint !== undefined && <p className="dim">{t(`providerHint.${hint}`)}</p>}
      {error !== null && <ProblemNotice error={error} />}
      <AddressFields {...shared} />
      <LoginFields {...shared} />
      <details>
        <summary>{t('connection.title')}</summary>
        <ConnectionFields
          value={draft.connection}
          onChange={(connection) => setDraft({ connection })}
          hasClientKey={false}
          fieldErrors={fields}
        />
      </details>
      <details>
        <summary>{t('form.more')}</summary>
        <div className={classes.fields}>
          <FormField
            label={t('form.name')}
            hint={t('form.nameHint')}
            error={fields.name}
            value={draft.name}
            onChange={({ currentTarget }) => setDraft({ name: currentTarget.value })}
          />
          <FormField
            kind="choice"
            label={t('deliver.label')}
            choices={DELIVER.map((value) => ({
              value,
              label: t(`deliver.${value}`),
            }))}
            value={draft.deliver}
            onChange={({ currentTarget }) =>
              setDraft({ deliver: DELIVER.find((each) => each === currentTarget.value) ?? 'both' })
            }
          />
          <FormField
            label={t('form.description')}
            value={draft.description}
            onChange={({ currentTarget }) => setDraft({ description: currentTarget.value })}
          />
        </div>
      </details>
      <div className={classes.foot}>
        <Button type="submit" loading={pending}>
          {t('add.save')}
        </Button>
        <LinkButton variant="default" href={`/e/${env}/registries`}>
          {t('add.cancel')}
        </LinkButton>
      </div>
    </form>
  );
}
