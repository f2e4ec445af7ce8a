'use client';

import { Button } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { FormField } from '../../../components/form-field';
import { ProblemNotice } from '../../../components/problem-notice';
import { useEnvironment } from '../../../lib/session-context';
import { useAction } from '../../../lib/use-action';
import { putMember } from '../actions';
import { MEMBER_ROLES, memberRoleOf } from '../labels';
import classes from './members.module.css';

/** A user by name: an owner need not be able to list all users of the installation. */
export function AddMember() {
  const t = useTranslations('members');
  const { env } = useEnvironment();
  const [username, setUsername] = useState('');
  const [role, setRole] = useState(memberRoleOf('member'));
  const { run, pending, error } = useAction(putMember, ['members']);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const outcome = await run(env, username.trim(), role);
    if (outcome.ok) setUsername('');
  };
  return (
    <form className="card pad stack" onSubmit={(event) => void submit(event)}>
      {error !== null && <ProblemNotice error={error} />}
      <div className={classes.add}>
        <FormField
          label={t('username')}
          required
          value={username}
          onChange={({ currentTarget }) => setUsername(currentTarget.value)}
        />
        <FormField
          kind="choice"
          label={t('roleLabel')}
          choices={MEMBER_ROLES.map((each) => ({ value: each, label: t(`role.${each}`) }))}
          value={role}
          onChange={({ currentTarget }) => setRole(memberRoleOf(currentTarget.value))}
        />
        <Button type="submit" loading={pending}>
          {t('add')}
        </Button>
      </div>
      <p className="dim">{t(`roleHint.${role}`)}</p>
    </form>
  );
}
