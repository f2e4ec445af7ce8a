'use client';

import type { ImagePolicy, Setting } from '@moorage/contract';
import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { PageHeader } from '../../../components/page-header';
import { QueryView } from '../../../components/states';
import { useEnvironment } from '../../../lib/session-context';
import { policyOf, settingsOf } from '../loaders';
import { ImageQuestion } from './image-question';
import { InForce } from './in-force';
import { LastChange } from './last-change';
import classes from './policy.module.css';
import { PolicySummary } from './policy-summary';
import { PolicyTabs } from './policy-tabs';
import { SettingCards } from './setting-cards';
import { useSettingChanges, warnFirstOf } from './use-setting-change';

const ChangeReview = dynamic(() => import('./change-review').then((module) => module.ChangeReview));

/** The stream tells of changes; a cluster that is just being proven is asked about by itself too. */
const PENDING_POLL_MS = 2_000;

function isSettling(policy: ImagePolicy | undefined): boolean {
  return (policy?.clusters ?? []).some(
    ({ whitelist, defaultRegistry }) =>
      whitelist.state === 'pending' || defaultRegistry.state === 'pending',
  );
}

function Policy({ policy, settings }: { policy: ImagePolicy; settings: readonly Setting[] }) {
  const { env, can } = useEnvironment();
  const changes = useSettingChanges(env);
  const mayWrite = can('settings:write');
  const mode = settings.find(({ name }) => name === 'policy.mode');
  const { reviewed, closeReview } = changes;
  return (
    <>
      <PolicySummary
        policy={policy}
        changes={changes}
        canWeaken={mayWrite && mode?.source !== 'installation'}
      />
      {mayWrite && <LastChange env={env} changes={changes} />}
      <div className={classes.columns}>
        <div className="stack">
          <SettingCards
            env={env}
            settings={settings}
            entries={policy.entries}
            inForce={policy.whitelist}
            mayWrite={mayWrite}
            changes={changes}
          />
        </div>
        <div className="stack">
          {can('images:use') && <ImageQuestion />}
          <InForce clusters={policy.clusters} />
        </div>
      </div>
      {reviewed !== null && (
        <ChangeReview
          env={env}
          reviewed={reviewed}
          warnFirst={warnFirstOf(env, mode, reviewed.change)}
          onClose={closeReview}
        />
      )}
    </>
  );
}

/** What counts in an environment, where it is in force, and a question to it; left what can be changed. */
export function PolicyView() {
  const t = useTranslations('policy');
  const { env } = useEnvironment();
  const settings = useQuery(settingsOf(env));
  const policy = useQuery({
    ...policyOf(env),
    refetchInterval: ({ state }) => (isSettling(state.data) ? PENDING_POLL_MS : false),
  });
  return (
    <>
      <PageHeader title={t('title')} about={t('about')} />
      <PolicyTabs />
      <QueryView query={settings}>
        {({ items }) => (
          <QueryView query={policy}>
            {(found) => <Policy policy={found} settings={items} />}
          </QueryView>
        )}
      </QueryView>
    </>
  );
}
