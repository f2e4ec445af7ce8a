'use client';

import { Button } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { type FormEvent, useRef } from 'react';
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
import {
  EMPTY_DRAFT,
  isDefaultConnection,
  type RegistryDraft,
  registryInputOf,
} from './registry-draft';

interface AddRegistryFormProps {
  readonly provider: Provider;
  readonly start: RegistryDraft;
  readonly onBack: () => void;
}

function useRegistryForm({ provider, start }: AddRegistryFormProps) {
  const router = useRouter();
  const { env } = useEnvironment();
  const form = useForm<RegistryDraft>({ initialValues: start });
  const action = useAction(addRegistry, ['registries', 'credentials']);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const outcome = await action.run(env, registryInputOf(provider, form.values, Date.now()));
    if (!outcome.ok) return;
    // The secret was sent; nothing here keeps it while the next page is loaded.
    form.setValues(EMPTY_DRAFT);
    router.push(`/e/${env}/registries?peek=${outcome.value.id}`);
  };
  return { form, env, submit, ...action };
}

/** Only the fields that the chosen provider needs; everything else has a good default. */
export function AddRegistryForm(props: AddRegistryFormProps) {
  const { provider, start, onBack } = props;
  const t = useTranslations('registries');
  const { form, env, submit, pending, error } = useRegistryForm(props);
  const { fields } = useProblemText()(error);
  const top = useRef<HTMLDivElement>(null);
  const { hint } = PROVIDER_FORMS[provider];
  const title = provider === 'generic' ? t('add.generic') : PROVIDER_LABELS[provider].name;
  const setDraft = (change: Partial<RegistryDraft>) => form.setValues(change);
  const shared = { provider, draft: form.values, setDraft, fieldErrors: fields };
  return (
    <form className={classes.form} onSubmit={(event) => void submit(event)}>
      <div className="row" ref={top}>
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
      <details open={!isDefaultConnection(start.connection) || undefined}>
        <summary>{t('connection.title')}</summary>
        <ConnectionFields
          value={form.values.connection}
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
            {...form.getInputProps('name')}
          />
          <FormField
            kind="choice"
            label={t('deliver.label')}
            choices={(['both', 'pull-secret', 'nodes'] as const).map((value) => ({
              value,
              label: t(`deliver.${value}`),
            }))}
            {...form.getInputProps('deliver')}
          />
          <FormField label={t('form.description')} {...form.getInputProps('description')} />
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
