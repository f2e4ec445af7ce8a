'use client';

import { Button } from '@mantine/core';
import type { Setting } from '@moorage/contract';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { FormField } from '../../../components/form-field';
import { ProblemNotice } from '../../../components/problem-notice';
import { Tag } from '../../../components/status-badge';
import { useProblemText } from '../../../lib/problem-text';
import { useAction } from '../../../lib/use-action';
import { putSetting, resetSetting } from '../actions';
import type { ShownSetting } from '../labels';

interface SettingCardProps {
  readonly env: string | null;
  readonly shown: ShownSetting;
  readonly setting: Setting;
  readonly mayWrite: boolean;
}

/** One setting: its value here, what holds in the end, and where that comes from. */
export function SettingCard({ env, shown, setting, mayWrite }: SettingCardProps) {
  const t = useTranslations('settings');
  const [value, setValue] = useState(setting.value ?? '');
  const save = useAction(putSetting, ['settings']);
  const reset = useAction(resetSetting, ['settings']);
  const error = save.error ?? reset.error;
  const { fields } = useProblemText()(error);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    await save.run(env, setting, value.trim());
  };
  return (
    <form className="card pad stack" onSubmit={(event) => void submit(event)}>
      <div className="row">
        <h2>{t(`names.${shown.key}`)}</h2>
        <span className="mono dim">{shown.name}</span>
        <span className="push" />
        <Tag>{t(`source.${setting.source}`)}</Tag>
      </div>
      <p className="dim">{t(`hints.${shown.key}`)}</p>
      {error !== null && <ProblemNotice error={error} />}
      <FormField
        label={t('valueHere')}
        placeholder={shown.placeholder}
        mono
        disabled={!mayWrite}
        error={fields.value}
        value={value}
        onChange={({ currentTarget }) => setValue(currentTarget.value)}
      />
      <p>
        {t('effective')}{' '}
        {setting.effective === '' ? (
          <span className="dim">{t('off')}</span>
        ) : (
          <strong className="mono">{setting.effective}</strong>
        )}
      </p>
      {mayWrite && (
        <div className="row">
          <Button type="submit" loading={save.pending} disabled={value === (setting.value ?? '')}>
            {t('save')}
          </Button>
          {setting.value !== null && (
            <Button
              variant="default"
              loading={reset.pending}
              onClick={() => void reset.run(env, setting)}
            >
              {t(env === null ? 'useDefault' : 'inherit')}
            </Button>
          )}
        </div>
      )}
    </form>
  );
}
