'use client';

import { Button } from '@mantine/core';
import type { Cluster } from '@moorage/contract';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { FormField } from '../../../components/form-field';
import { ProblemNotice } from '../../../components/problem-notice';
import { QueryView } from '../../../components/states';
import { useSession } from '../../../lib/session-context';
import { useAction } from '../../../lib/use-action';
import { putGrants } from '../actions';
import { grantsOf } from '../loaders';
import classes from './clusters.module.css';

interface Draft {
  readonly environmentId: string;
  readonly namespaces: string;
}

function namespacesOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((each) => each !== '');
}

interface RowProps {
  readonly grant: Draft;
  readonly onChange: (next: Draft) => void;
  readonly onRemove: () => void;
}

function GrantRow({ grant, onChange, onRemove }: RowProps) {
  const t = useTranslations('clusters.grants');
  const { environments } = useSession();
  return (
    <li className={classes.grant}>
      <FormField
        kind="choice"
        label={t('environment')}
        choices={environments.map(({ id, displayName }) => ({ value: id, label: displayName }))}
        value={grant.environmentId}
        onChange={({ currentTarget }) => onChange({ ...grant, environmentId: currentTarget.value })}
      />
      <FormField
        label={t('namespaces')}
        placeholder="team-a-*, shared"
        mono
        value={grant.namespaces}
        onChange={({ currentTarget }) => onChange({ ...grant, namespaces: currentTarget.value })}
      />
      <Button variant="default" onClick={onRemove}>
        {t('remove')}
      </Button>
    </li>
  );
}

function Editor({ cluster, start }: { cluster: Cluster; start: readonly Draft[] }) {
  const t = useTranslations('clusters.grants');
  const { environments } = useSession();
  const [grants, setGrants] = useState(start);
  const { run, pending, error } = useAction(putGrants, ['clusters']);
  const isChanged = JSON.stringify(grants) !== JSON.stringify(start);
  const free = environments.find(({ id }) => !grants.some((each) => each.environmentId === id));
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    await run(
      cluster,
      grants.map(({ environmentId, namespaces }) => ({
        environmentId,
        namespaces: namespacesOf(namespaces),
      })),
    );
  };
  return (
    <form className="stack" onSubmit={(event) => void submit(event)}>
      {error !== null && <ProblemNotice error={error} />}
      <ul className="stack">
        {grants.map((grant, index) => (
          <GrantRow
            key={grant.environmentId}
            grant={grant}
            onChange={(next) => setGrants(grants.with(index, next))}
            onRemove={() => setGrants(grants.toSpliced(index, 1))}
          />
        ))}
      </ul>
      <div className="row">
        <Button
          variant="default"
          disabled={free === undefined}
          onClick={() =>
            free !== undefined &&
            setGrants([...grants, { environmentId: free.id, namespaces: '*' }])
          }
        >
          {t('add')}
        </Button>
        <Button type="submit" loading={pending} disabled={!isChanged}>
          {t('save')}
        </Button>
      </div>
    </form>
  );
}

/** Which environments may use which namespaces of the cluster; an administrator needs no grant. */
export function GrantsEditor({ cluster }: { cluster: Cluster }) {
  const t = useTranslations('clusters.grants');
  const query = useQuery(grantsOf(cluster.id));
  return (
    <section className="card pad stack">
      <h2>{t('title')}</h2>
      <p className="dim">{t('hint')}</p>
      <QueryView query={query}>
        {({ items }) => (
          <Editor
            key={JSON.stringify(items)}
            cluster={cluster}
            start={items.map(({ environmentId, namespaces }) => ({
              environmentId,
              namespaces: namespaces.join(', '),
            }))}
          />
        )}
      </QueryView>
    </section>
  );
}
