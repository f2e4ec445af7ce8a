'use client';

import { Button } from '@mantine/core';
import type { Setting } from '@moorage/contract';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { FormField } from '../../../components/form-field';
import { CardHead } from './card-head';
import classes from './policy.module.css';
import { Chosen, RadioChoice } from './radio-choice';
import type { SettingChanges } from './use-setting-change';

const PLACES = ['workload', 'pod'] as const;

interface CardProps {
  readonly registry: Setting;
  readonly at: Setting;
  readonly mayWrite: boolean;
  readonly changes: SettingChanges;
  readonly isInstallation: boolean;
}

function Example({ registry }: { registry: string }) {
  const t = useTranslations('policy.default');
  if (registry === '') return <p className="dim">{t('off')}</p>;
  return (
    <p>
      <span className="mono">nginx:1.29</span> → <span className="mono">{registry}/nginx:1.29</span>
    </p>
  );
}

function WhereApplied({ at, mayWrite, changes }: Pick<CardProps, 'at' | 'mayWrite' | 'changes'>) {
  const t = useTranslations('policy.default');
  const [chosen, setChosen] = useState(at.effective);
  const choiceOf = (place: (typeof PLACES)[number]) => ({
    value: place,
    label: t(`at.${place}`),
    hint: t(`at.${place}Hint`),
  });
  return (
    <>
      {mayWrite ? (
        <RadioChoice
          label={t('where')}
          value={chosen}
          onChange={setChosen}
          choices={PLACES.map((place) => choiceOf(place))}
        />
      ) : (
        <Chosen {...choiceOf(at.effective === 'pod' ? 'pod' : 'workload')} />
      )}
      {mayWrite && chosen !== at.effective && (
        <div>
          <Button onClick={() => changes.review({ name: at.name, value: chosen })}>
            {t('reviewWhere')}
          </Button>
        </div>
      )}
    </>
  );
}

/** What a name without a registry becomes, and where that happens. */
export function DefaultRegistryCard({
  registry,
  at,
  mayWrite,
  changes,
  isInstallation,
}: CardProps) {
  const t = useTranslations('policy');
  const [text, setText] = useState(registry.effective);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    changes.review({ name: registry.name, value: text.trim() });
  };
  return (
    <section className="card">
      <CardHead title={t('default.title')} setting={registry} />
      <div className="pad stack">
        <form className="stack" onSubmit={submit}>
          {mayWrite && (
            <div className={classes.inline}>
              <FormField
                label={t('default.label')}
                hint={t('default.hint')}
                placeholder="registry.example.com/team"
                mono
                value={text}
                onChange={({ currentTarget }) => setText(currentTarget.value)}
              />
              {text.trim() !== registry.effective && (
                <Button type="submit">{t('review.open')}</Button>
              )}
              {registry.value !== null && text.trim() === registry.effective && (
                <Button
                  variant="default"
                  loading={changes.pending}
                  onClick={() => void changes.applyOrReview({ name: registry.name, value: null })}
                >
                  {t(isInstallation ? 'useDefault' : 'inherit')}
                </Button>
              )}
            </div>
          )}
          <Example registry={registry.effective} />
        </form>
        <WhereApplied at={at} mayWrite={mayWrite} changes={changes} />
      </div>
    </section>
  );
}
