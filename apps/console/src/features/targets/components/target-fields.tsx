'use client';

import { Checkbox, Radio, TagsInput } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { FormField } from '../../../components/form-field';
import type { TargetDraft } from './target-draft';

export interface TargetFieldsProps {
  readonly draft: TargetDraft;
  readonly set: (change: Partial<TargetDraft>) => void;
  readonly fieldErrors: Readonly<Record<string, string>>;
}

const SEPARATORS = [',', ' ', '\n'];

function NamesInput({
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
  return (
    <TagsInput
      label={label}
      description={hint}
      value={[...value]}
      onChange={onChange}
      splitChars={SEPARATORS}
      acceptValueOnBlur
      spellCheck={false}
      autoComplete="off"
      error={error}
      classNames={{ input: 'mono', pill: 'mono' }}
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
      <NamesInput
        label={t('include')}
        hint={t('globHint')}
        value={draft.include}
        onChange={(include) => set({ include })}
        error={fieldErrors['namespaces.include'] ?? fieldErrors.namespaces}
      />
      <NamesInput
        label={t('exclude')}
        hint={t('excludeHint')}
        value={draft.exclude}
        onChange={(exclude) => set({ exclude })}
        error={fieldErrors['namespaces.exclude']}
      />
      <NamesInput
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
        <NamesInput
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
