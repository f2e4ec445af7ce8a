'use client';

import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import { FormField } from '../../../components/form-field';
import { Notice } from '../../../components/notice';
import { PullAttempts } from '../../../components/pull-attempts';
import { useCoreAnswer } from '../../../lib/core/use-core-answer';
import { type CheckerDraft, EMPTY_PULL, ENGINES, type PullDraft, pullOf } from './checker-draft';
import classes from './tools.module.css';

function PullFields({ pull, set }: { pull: PullDraft; set: (change: Partial<PullDraft>) => void }) {
  const t = useTranslations('checker');
  return (
    <>
      <div className={classes.pull}>
        <FormField
          label={t('image')}
          mono
          maxLength={4096}
          value={pull.image}
          onChange={({ currentTarget }) => set({ image: currentTarget.value })}
        />
        <FormField
          kind="choice"
          label={t('engine')}
          choices={ENGINES.map((value) => ({ value, label: t(`engines.${value}`) }))}
          value={pull.engine}
          onChange={({ currentTarget }) =>
            set({ engine: ENGINES.find((each) => each === currentTarget.value) ?? 'containerd' })
          }
        />
      </div>
      <details>
        <summary>{t('pullSecret')}</summary>
        <FormField
          kind="area"
          label={t('pullSecretLabel')}
          hint={t('pullSecretHint')}
          placeholder='{"auths":{"docker.io":{"username":"…","password":"…"}}}'
          mono
          rows={3}
          value={pull.pullSecret}
          onChange={({ currentTarget }) => set({ pullSecret: currentTarget.value })}
        />
      </details>
    </>
  );
}

/** What a node would ask for one image, in order, with this file. */
export function PullPlanBox({ draft }: { draft: CheckerDraft }) {
  const t = useTranslations('checker');
  const [pull, setPull] = useState(EMPTY_PULL);
  const question = useMemo(
    () => (pull.image.trim() === '' ? null : pullOf(draft, pull)),
    [draft, pull],
  );
  const { told } = useCoreAnswer('pull', question);
  return (
    <section className="card" aria-labelledby="pull-plan">
      <div className={classes.head}>
        <h2 id="pull-plan">{t('tryImage')}</h2>
        <span className="dim">{t('tryImageHint')}</span>
      </div>
      <div className="pad stack">
        <PullFields pull={pull} set={(change) => setPull((old) => ({ ...old, ...change }))} />
        {question !== null && told !== null && (
          <div aria-live="polite">
            {told.answer.ok ? (
              <PullAttempts
                plan={told.answer.value}
                isDerived={told.question.engine !== 'containerd'}
              />
            ) : (
              <Notice tone="bad">
                <span>{t('notAnImage')}</span>
              </Notice>
            )}
          </div>
        )}
      </div>
    </section>
  );
}
