'use client';

import { Button } from '@mantine/core';
import { useMounted } from '@mantine/hooks';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { FormField } from '../../../components/form-field';
import { Notice } from '../../../components/notice';
import { ProblemNotice } from '../../../components/problem-notice';
import { useProblemText } from '../../../lib/problem-text';
import { useAction } from '../../../lib/use-action';
import { changeOwnPassword } from '../actions';

/** NIST SP 800-63B: at least 8, no rules of composition. */
const MIN_LENGTH = 8;

function faultOf(next: string, again: string): 'tooShort' | 'differs' | null {
  if (next.length < MIN_LENGTH) return 'tooShort';
  return next === again ? null : 'differs';
}

export function PasswordForm() {
  const t = useTranslations('password');
  const { run, pending, error } = useAction(changeOwnPassword, []);
  const { fields } = useProblemText()(error);
  const [fault, setFault] = useState<'tooShort' | 'differs' | null>(null);
  // As for signing in: nothing is sent before this has come alive.
  const isAlive = useMounted();
  const [isChanged, setChanged] = useState(false);
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    const next = String(data.get('new'));
    const found = faultOf(next, String(data.get('again')));
    setFault(found);
    setChanged(false);
    if (found !== null) return;
    const outcome = await run(String(data.get('current')), next);
    if (!outcome.ok) return;
    form.reset();
    setChanged(true);
  };
  return (
    <form
      className="card pad stack"
      method="post"
      style={{ maxWidth: 420 }}
      onSubmit={(event) => void onSubmit(event)}
    >
      {error !== null && <ProblemNotice error={error} />}
      <div role="status">{isChanged && <Notice tone="info">{t('changed')}</Notice>}</div>
      <FormField
        kind="secret"
        name="current"
        label={t('current')}
        autoComplete="current-password"
        required
        error={fields.current}
      />
      <FormField
        kind="secret"
        name="new"
        label={t('new')}
        hint={t('newHint')}
        autoComplete="new-password"
        required
        error={fields.new ?? (fault === 'tooShort' ? t('tooShort') : undefined)}
      />
      <FormField
        kind="secret"
        name="again"
        label={t('again')}
        autoComplete="new-password"
        required
        error={fault === 'differs' ? t('differs') : undefined}
      />
      <div>
        <Button type="submit" disabled={!isAlive} loading={pending}>
          {t('change')}
        </Button>
      </div>
    </form>
  );
}
