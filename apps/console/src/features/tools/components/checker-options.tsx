'use client';

import { Switch } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { FormField } from '../../../components/form-field';
import type { CheckerDraft } from './checker-draft';
import classes from './tools.module.css';

interface OptionsProps {
  readonly draft: CheckerDraft;
  readonly set: (change: Partial<CheckerDraft>) => void;
}

/** What the node is: the same file does other things on another one. */
export function CheckerOptions({ draft, set }: OptionsProps) {
  const t = useTranslations('checker');
  return (
    <fieldset className={`card pad ${classes.options}`}>
      <legend className="visually-hidden">{t('node')}</legend>
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
      <FormField
        label={t('version')}
        placeholder={draft.distribution === 'k3s' ? 'v1.33.3+k3s1' : 'v1.33.3+rke2r1'}
        mono
        maxLength={100}
        value={draft.version}
        onChange={({ currentTarget }) => set({ version: currentTarget.value })}
      />
      <div className={classes.switches}>
        <Switch
          label={t('defaultDisabled')}
          checked={draft.disableDefaultEndpoint}
          onChange={({ currentTarget }) => set({ disableDefaultEndpoint: currentTarget.checked })}
        />
        <Switch
          label={t('embedded')}
          checked={draft.isEmbedded}
          onChange={({ currentTarget }) => set({ isEmbedded: currentTarget.checked })}
        />
      </div>
    </fieldset>
  );
}
