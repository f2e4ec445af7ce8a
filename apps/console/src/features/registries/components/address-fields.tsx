'use client';

import { Button } from '@mantine/core';
import { parseRegistryAddress } from '@moorage/core';
import { useTranslations } from 'next-intl';
import { FormField } from '../../../components/form-field';
import { Notice } from '../../../components/notice';
import type { Provider } from '../labels';
import { PROVIDER_FORMS } from './provider-forms';
import classes from './registries.module.css';
import { addressOf, type RegistryDraft } from './registry-draft';

export interface DraftFieldsProps {
  readonly provider: Provider;
  readonly draft: RegistryDraft;
  readonly setDraft: (change: Partial<RegistryDraft>) => void;
  readonly fieldErrors: Readonly<Record<string, string>>;
}

/** What will be stored, as soon as it differs from what is typed; or why it cannot be. */
function AddressPreview({
  draft,
  typed,
  setDraft,
}: { typed: string } & Pick<DraftFieldsProps, 'draft' | 'setDraft'>) {
  const t = useTranslations('registries.address');
  const tErrors = useTranslations('errors');
  if (typed.trim() === '') return null;
  const parsed = parseRegistryAddress(typed);
  if (!parsed.ok) {
    const { code, detail, suggestion } = parsed.error;
    return (
      <Notice tone="bad">
        <span>{tErrors.has(code) ? tErrors(code) : detail}</span>
        {suggestion !== undefined && (
          <div>
            <Button variant="default" onClick={() => setDraft({ address: suggestion })}>
              {t('use', { suggestion })}
            </Button>
          </div>
        )}
      </Notice>
    );
  }
  const { address, scheme, path } = parsed.value;
  if (address === typed && path === null) return null;
  const scope = path ?? draft.scope;
  return (
    <p className="dim" aria-live="polite">
      {t.rich('stored', { address: () => <strong className="mono">{address}</strong> })}
      {scope !== '' && (
        <> {t.rich('scope', { scope: () => <strong className="mono">{scope}</strong> })}</>
      )}
      {scheme === 'http' && <> {t('http')}</>}
    </p>
  );
}

export function AddressFields({ provider, draft, setDraft, fieldErrors }: DraftFieldsProps) {
  const t = useTranslations('registries.form');
  const form = PROVIDER_FORMS[provider].address;
  const typed = addressOf(provider, draft);
  const preview = <AddressPreview draft={draft} typed={typed} setDraft={setDraft} />;
  switch (form.kind) {
    case 'fixed':
      return (
        <p>
          {t('address')} <strong className="mono">{form.address}</strong>
          {fieldErrors.address && <Notice tone="bad">{fieldErrors.address}</Notice>}
        </p>
      );
    case 'choice':
      return (
        <FormField
          kind="choice"
          label={t('address')}
          mono
          error={fieldErrors.address}
          choices={form.addresses.map((value) => ({ value, label: value }))}
          value={typed}
          onChange={({ currentTarget }) => setDraft({ address: currentTarget.value })}
        />
      );
    case 'parts':
      return (
        <div className="stack-tight">
          <div className={classes.fields}>
            {form.parts.map(({ id, label, placeholder }) => (
              <FormField
                key={id}
                label={t(label)}
                placeholder={placeholder}
                mono
                required
                value={draft.parts[id] ?? ''}
                onChange={({ currentTarget }) =>
                  setDraft({ parts: { ...draft.parts, [id]: currentTarget.value } })
                }
              />
            ))}
          </div>
          {typed !== '' && (
            <p className="dim">
              {t('address')} <strong className="mono">{typed}</strong>
            </p>
          )}
          {preview}
          {fieldErrors.address && <Notice tone="bad">{fieldErrors.address}</Notice>}
        </div>
      );
    case 'free':
      return (
        <div className="stack-tight">
          <FormField
            label={t('address')}
            hint={t('addressHint')}
            placeholder={form.placeholder}
            mono
            required
            // The preview below says why, and offers what would be right.
            error={parseRegistryAddress(typed).ok || typed === '' ? fieldErrors.address : undefined}
            value={draft.address}
            onChange={({ currentTarget }) => setDraft({ address: currentTarget.value })}
          />
          {preview}
        </div>
      );
  }
}
