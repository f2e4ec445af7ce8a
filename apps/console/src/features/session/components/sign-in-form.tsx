'use client';

import { Button } from '@mantine/core';
import { useMounted } from '@mantine/hooks';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { FormField } from '../../../components/form-field';
import { ProblemNotice } from '../../../components/problem-notice';
import { useAction } from '../../../lib/use-action';
import { signIn } from '../actions';

/** Only a path of this console: whoever made the link must not choose where the visitor lands. */
function safeNext(): string {
  const next = new URLSearchParams(window.location.search).get('next') ?? '/';
  return /^\/(?![/\\])/.test(next) ? next : '/';
}

export function SignInForm() {
  const t = useTranslations('session');
  const { run, pending, error } = useAction(signIn, []);
  // Sent by the browser itself, before this has come alive, the password would not go where it belongs.
  const isAlive = useMounted();
  const [isLeaving, setLeaving] = useState(false);
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    const outcome = await run(String(data.get('username')), String(data.get('password')));
    if (!outcome.ok) return;
    setLeaving(true);
    form.reset();
    window.location.assign(safeNext());
  };
  return (
    <form className="stack" method="post" onSubmit={(event) => void onSubmit(event)}>
      {error !== null && <ProblemNotice error={error} />}
      <FormField label={t('username')} name="username" autoComplete="username" required autoFocus />
      <FormField
        kind="secret"
        label={t('password')}
        name="password"
        autoComplete="current-password"
        required
      />
      <Button type="submit" disabled={!isAlive} loading={pending || isLeaving}>
        {t('signIn')}
      </Button>
    </form>
  );
}
