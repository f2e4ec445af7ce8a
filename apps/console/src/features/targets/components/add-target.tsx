'use client';

import { Button } from '@mantine/core';
import type { GrantedCluster, Plan } from '@moorage/contract';
import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { FormField } from '../../../components/form-field';
import { LinkButton } from '../../../components/link-button';
import { PageHeader } from '../../../components/page-header';
import { ProblemNotice } from '../../../components/problem-notice';
import { EmptyState, QueryView } from '../../../components/states';
import { useProblemText } from '../../../lib/problem-text';
import { useEnvironment, useSession } from '../../../lib/session-context';
import { useAction } from '../../../lib/use-action';
import { addTarget, planNewTarget } from '../actions';
import { usableClustersOf } from '../loaders';
import { EMPTY_TARGET, type TargetDraft, targetInputOf } from './target-draft';
import { TargetFields } from './target-fields';

const PlanReport = dynamic(() => import('./plan-report').then((module) => module.PlanReport));

function NoClusters() {
  const t = useTranslations('targets');
  const { permissions } = useSession();
  const mayConnect = permissions.includes('clusters:manage');
  const connect = mayConnect && (
    <LinkButton href="/installation/clusters/new">{t('connectCluster')}</LinkButton>
  );
  return (
    <EmptyState title={t('noClusters')} action={connect}>
      {t(mayConnect ? 'noClustersAdmin' : 'noClustersOwner')}
    </EmptyState>
  );
}

function PlanStep({ draft, plan, onBack }: { draft: TargetDraft; plan: Plan; onBack: () => void }) {
  const t = useTranslations('targets');
  const { env } = useEnvironment();
  const router = useRouter();
  const { run, pending, error } = useAction(addTarget, ['targets']);
  const apply = async () => {
    const outcome = await run(env, targetInputOf(draft));
    if (outcome.ok) router.push(`/e/${env}/targets/${outcome.value.id}`);
  };
  return (
    <div className="stack">
      <p className="dim">{t('planHint')}</p>
      {error !== null && <ProblemNotice error={error} />}
      <PlanReport plan={plan} />
      <div className="row">
        <Button loading={pending} onClick={() => void apply()}>
          {t('apply')}
        </Button>
        <Button variant="default" onClick={onBack}>
          {t('back')}
        </Button>
      </div>
    </div>
  );
}

function Form({ clusters }: { clusters: readonly { id: string; name: string }[] }) {
  const t = useTranslations('targets');
  const { env } = useEnvironment();
  const [draft, setDraft] = useState<TargetDraft>({
    ...EMPTY_TARGET,
    clusterId: clusters[0]?.id ?? '',
  });
  const [plan, setPlan] = useState<Plan | null>(null);
  const { run, pending, error } = useAction(planNewTarget, []);
  const { fields } = useProblemText()(error);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const outcome = await run(env, targetInputOf(draft));
    if (outcome.ok) setPlan(outcome.value);
  };
  if (plan !== null) return <PlanStep draft={draft} plan={plan} onBack={() => setPlan(null)} />;
  return (
    <form className="stack" style={{ maxWidth: 720 }} onSubmit={(event) => void submit(event)}>
      {error !== null && <ProblemNotice error={error} />}
      <FormField
        kind="choice"
        label={t('cluster')}
        choices={clusters.map(({ id, name }) => ({ value: id, label: name }))}
        error={fields.clusterId}
        value={draft.clusterId}
        onChange={({ currentTarget }) => setDraft({ ...draft, clusterId: currentTarget.value })}
      />
      <TargetFields
        draft={draft}
        set={(change) => setDraft({ ...draft, ...change })}
        fieldErrors={fields}
      />
      <div className="row">
        <Button type="submit" loading={pending}>
          {t('showPlan')}
        </Button>
        <LinkButton variant="default" href={`/e/${env}/targets`}>
          {t('cancel')}
        </LinkButton>
      </div>
    </form>
  );
}

/** A target: the form, then the exact changes, then they are made. */
export function AddTarget() {
  const t = useTranslations('targets');
  const { env, environment } = useEnvironment();
  const query = useQuery(usableClustersOf(env));
  // Simulated clusters take targets of simulated environments only.
  const isUsable = ({ simulated }: GrantedCluster) => !simulated || environment?.simulated === true;
  return (
    <>
      <PageHeader title={t('add')} about={t('addAbout')} />
      <QueryView query={query}>
        {({ items }) => {
          const clusters = items.filter(isUsable);
          return clusters.length === 0 ? <NoClusters /> : <Form clusters={clusters} />;
        }}
      </QueryView>
    </>
  );
}
