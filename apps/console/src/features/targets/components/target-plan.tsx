'use client';

import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { BackLink } from '../../../components/back-link';
import { PageHeader } from '../../../components/page-header';
import { ProblemNotice } from '../../../components/problem-notice';
import { QueryView } from '../../../components/states';
import { useEnvironment } from '../../../lib/session-context';
import { useAction } from '../../../lib/use-action';
import { syncTarget } from '../actions';
import { planOf, targetOf } from '../loaders';
import { PlanReport } from './plan-report';

/** What a sync would change in this moment, and the button that makes it so. */
export function TargetPlan({ targetId }: { targetId: string }) {
  const t = useTranslations('targets');
  const { env, can } = useEnvironment();
  const router = useRouter();
  const plan = useQuery(planOf(env, targetId));
  const target = useQuery(targetOf(env, targetId));
  const sync = useAction(syncTarget, ['targets']);
  const name = target.data?.clusterName ?? '';
  const href = `/e/${env}/targets/${targetId}`;
  const apply = async () => {
    if (target.data === undefined) return;
    const outcome = await sync.run(env, target.data);
    if (outcome.ok) router.push(href);
  };
  return (
    <>
      <BackLink href={href}>{name}</BackLink>
      <PageHeader title={t('plan.title')} about={name}>
        <Button variant="default" loading={plan.isFetching} onClick={() => void plan.refetch()}>
          {t('plan.again')}
        </Button>
        {can('targets:write') && (
          <Button loading={sync.pending} onClick={() => void apply()}>
            {t('apply')}
          </Button>
        )}
      </PageHeader>
      {sync.error !== null && <ProblemNotice error={sync.error} />}
      <QueryView query={plan}>{(report) => <PlanReport plan={report} />}</QueryView>
    </>
  );
}
