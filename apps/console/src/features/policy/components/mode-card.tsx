'use client';

import { Button } from '@mantine/core';
import type { Setting } from '@moorage/contract';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { isWeaker, MODES, type PolicyMode } from '../labels';
import { CardHead } from './card-head';
import { Chosen, RadioChoice } from './radio-choice';
import type { SettingChanges } from './use-setting-change';

function modeOf(text: string): PolicyMode {
  return MODES.find((mode) => mode === text) ?? 'off';
}

/** Off, warn or enforce, each with what it does. Weaker is stored at once, stronger is looked at first. */
export function ModeCard({
  setting,
  mayWrite,
  changes,
  canInherit,
  isInstallation,
}: {
  setting: Setting;
  mayWrite: boolean;
  changes: SettingChanges;
  canInherit: boolean;
  isInstallation: boolean;
}) {
  const t = useTranslations('policy');
  const effective = modeOf(setting.effective);
  const [chosen, setChosen] = useState(effective);
  const choiceOf = (mode: PolicyMode) => ({
    value: mode,
    label: t(`mode.${mode}`),
    hint: t(`mode.${mode}Hint`),
  });
  const change = { name: setting.name, value: chosen };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isWeaker(chosen, effective)) void changes.applyOrReview(change);
    else changes.review(change);
  };
  return (
    <form className="card" onSubmit={submit}>
      <CardHead title={t('mode.title')} setting={setting} />
      <div className="pad stack">
        {mayWrite ? (
          <RadioChoice
            label={t('mode.title')}
            isLabelHidden
            value={chosen}
            onChange={(value) => setChosen(modeOf(value))}
            choices={MODES.map((mode) => choiceOf(mode))}
          />
        ) : (
          <Chosen {...choiceOf(effective)} />
        )}
        {mayWrite && (chosen !== effective || canInherit) && (
          <div className="row">
            {chosen !== effective && (
              <Button type="submit" loading={changes.pending}>
                {t(isWeaker(chosen, effective) ? 'save' : 'review.open')}
              </Button>
            )}
            {canInherit && chosen === effective && (
              <Button
                variant="default"
                loading={changes.pending}
                onClick={() => void changes.applyOrReview({ name: setting.name, value: null })}
              >
                {t(isInstallation ? 'useDefault' : 'inherit')}
              </Button>
            )}
          </div>
        )}
      </div>
    </form>
  );
}
