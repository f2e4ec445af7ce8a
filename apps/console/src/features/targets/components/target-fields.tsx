'use client';

import { Checkbox, Radio } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { FormField } from '../../../components/form-field';
import type { TargetDraft } from './target-draft';

export interface TargetFieldsProps {
  readonly draft: TargetDraft;
  readonly set: (change: Partial<TargetDraft>) => void;
  readonly fieldErrors: Readonly<Record<string, string>>;
}

function namesOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((each) => each !== '');
}

/** Several names in one line. The text is kept as typed: a comma must not vanish while one types on. */
function NamesField({
  label,
  hint,
  value,
  onChange,
  error,
}: {
  label: string;
  hint: string;
  value: readonly string[];
  onChange: (next: string[]) => void;
  error?: string | undefined;
}) {
  const [text, setText] = useState(value.join(', '));
  return (
    <FormField
      label={label}
      hint={hint}
      mono
      error={error}
      value={text}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        onChange(namesOf(currentTarget.value));
      }}
    />
  );
}

function NamespaceFields({ draft, set, fieldErrors }: TargetFieldsProps) {
  const t = useTranslations('targets.form');
  return (
    <fieldset className="card pad stack">
      <legend>
        <strong>{t('namespaces')}</strong> <span className="dim">{t('namespacesHint')}</span>
      </legend>
      <NamesField
        label={t('include')}
        hint={t('globHint')}
        value={draft.include}
        onChange={(include) => set({ include })}
        error={fieldErrors['namespaces.include'] ?? fieldErrors.namespaces}
      />
      <NamesField
        label={t('exclude')}
        hint={t('excludeHint')}
        value={draft.exclude}
        onChange={(exclude) => set({ exclude })}
        error={fieldErrors['namespaces.exclude']}
      />
      <NamesField
        label={t('labels')}
        hint={t('labelsHint')}
        value={draft.labels}
        onChange={(labels) => set({ labels })}
        error={fieldErrors['namespaces.matchLabels']}
      />
    </fieldset>
  );
}

function AccountFields({ draft, set, fieldErrors }: TargetFieldsProps) {
  const t = useTranslations('targets.form');
  const choices = ['default', 'all', 'listed', 'none'] as const;
  return (
    <fieldset className="card pad stack">
      <legend>
        <strong>{t('serviceAccounts')}</strong>
      </legend>
      <Radio.Group
        aria-label={t('serviceAccounts')}
        value={draft.serviceAccounts}
        onChange={(next) =>
          set({ serviceAccounts: choices.find((each) => each === next) ?? 'default' })
        }
        error={fieldErrors.serviceAccounts}
      >
        <div className="stack-tight">
          {choices.map((each) => (
            <Radio
              key={each}
              value={each}
              label={t(`accounts.${each}`)}
              description={t(`accountsHint.${each}`)}
            />
          ))}
        </div>
      </Radio.Group>
      {draft.serviceAccounts === 'listed' && (
        <NamesField
          label={t('listed')}
          hint={t('listedHint')}
          value={draft.listed}
          onChange={(listed) => set({ listed })}
        />
      )}
    </fieldset>
  );
}

/** Which namespaces, which service accounts, what the Secret is called, and whether nodes are served. */
export function TargetFields(props: TargetFieldsProps) {
  const { draft, set, fieldErrors } = props;
  const t = useTranslations('targets.form');
  return (
    <>
      <NamespaceFields {...props} />
      <AccountFields {...props} />
      <FormField
        label={t('secretName')}
        hint={t('secretNameHint')}
        mono
        error={fieldErrors.secretName}
        value={draft.secretName}
        onChange={({ currentTarget }) => set({ secretName: currentTarget.value })}
      />
      <Checkbox
        label={t('nodeConfig')}
        description={t('nodeConfigHint')}
        checked={draft.nodeConfig}
        onChange={({ currentTarget }) => set({ nodeConfig: currentTarget.checked })}
      />
      {draft.nodeConfig && (
        <FormField
          kind="choice"
          label={t('distribution')}
          choices={[
            { value: 'k3s', label: 'K3s' },
            { value: 'rke2', label: 'RKE2' },
          ]}
          value={draft.distribution}
          onChange={({ currentTarget }) =>
            set({ distribution: currentTarget.value === 'rke2' ? 'rke2' : 'k3s' })
          }
        />
      )}
    </>
  );
}
