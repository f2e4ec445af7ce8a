'use client';

import { useTranslations } from 'next-intl';
import { FormField } from '../../../components/form-field';
import type { DraftFieldsProps } from './address-fields';
import { JsonKeyField } from './json-key-field';
import { PROVIDER_FORMS } from './provider-forms';
import classes from './registries.module.css';

/** User name and secret, called as the vendor calls them. Left empty, the registry has no login yet. */
export function LoginFields({ provider, draft, setDraft, fieldErrors }: DraftFieldsProps) {
  const t = useTranslations('registries.form');
  const { fixedUsername, usernamePlaceholder, secret, lifetimeHours } = PROVIDER_FORMS[provider];
  return (
    <fieldset className={`card pad ${classes.fields}`}>
      <legend>
        <strong>{t('login')}</strong> <span className="dim">{t('loginHint')}</span>
      </legend>
      {fixedUsername === undefined ? (
        <FormField
          label={t('username')}
          mono
          {...(usernamePlaceholder === undefined ? {} : { placeholder: usernamePlaceholder })}
          error={fieldErrors['credential.username']}
          value={draft.username}
          onChange={({ currentTarget }) => setDraft({ username: currentTarget.value })}
        />
      ) : (
        <p className={classes.wide}>
          {t('username')} <strong className="mono">{fixedUsername}</strong>
        </p>
      )}
      {secret === 'jsonKey' ? (
        <JsonKeyField
          value={draft.password}
          onChange={(password) => setDraft({ password })}
          error={fieldErrors['credential.password']}
        />
      ) : (
        <FormField
          kind="secret"
          label={t(secret)}
          error={fieldErrors['credential.password']}
          value={draft.password}
          onChange={({ currentTarget }) => setDraft({ password: currentTarget.value })}
        />
      )}
      <FormField
        label={t('scope')}
        hint={t('scopeHint')}
        placeholder="team-a"
        mono
        error={fieldErrors['credential.scope']}
        value={draft.scope}
        onChange={({ currentTarget }) => setDraft({ scope: currentTarget.value })}
      />
      {lifetimeHours === undefined ? (
        <FormField
          kind="date"
          label={t('expires')}
          hint={t('expiresHint')}
          value={draft.expiresAt}
          onChange={({ currentTarget }) => setDraft({ expiresAt: currentTarget.value })}
        />
      ) : (
        <p className={`dim ${classes.wide}`}>{t('lifetime', { hours: lifetimeHours })}</p>
      )}
    </fieldset>
  );
}
