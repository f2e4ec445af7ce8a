'use client';

import { Button } from '@mantine/core';
import type { Target } from '@moorage/contract';
import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { BackLink } from '../../../components/back-link';
import { LinkButton } from '../../../components/link-button';
import { Notice } from '../../../components/notice';
import { PageHeader } from '../../../components/page-header';
import { ProblemNotice } from '../../../components/problem-notice';
import { SimulatedBadge } from '../../../components/simulated-badge';
import { QueryView } from '../../../components/states';
import { StatusBadge } from '../../../components/status-badge';
import { useCodeText } from '../../../lib/problem-text';
import { useEnvironment } from '../../../lib/session-context';
import { useAction } from '../../../lib/use-action';
import { syncTarget } from '../actions';
import { targetOf } from '../loaders';
import { NamespaceMatrix } from './namespace-matrix';
import { TargetStatus } from './target-status';

const TargetDialog = dynamic(() => import('./target-dialog').then((m) => m.TargetDialog));
const TargetRemoval = dynamic(() => import('./target-removal').then((m) => m.TargetRemoval));

type Open = 'edit' | 'remove' | null;

function Actions({ target, open }: { target: Target; open: (what: Open) => void }) {
  const t = useTranslations('targets');
  const { env, can } = useEnvironment();
  const sync = useAction(syncTarget, ['targets']);
  const [isAsked, setAsked] = useState(false);
  const syncNow = async () => {
    const outcome = await sync.run(env, target);
    setAsked(outcome.ok);
  };
  return (
    <>
      <span className="dim" role="status">
        {isAsked && t('syncAsked')}
      </span>
      <LinkButton variant="default" href={`/e/${env}/targets/${target.id}/plan`}>
        {t('plan.title')}
      </LinkButton>
      {can('targets:write') && (
        <>
          <Button variant="default" loading={sync.pending} onClick={() => void syncNow()}>
            {t('syncNow')}
          </Button>
          <Button variant="default" onClick={() => open('edit')}>
            {t('editDots')}
          </Button>
          <Button variant="default" c="var(--bad)" onClick={() => open('remove')}>
            {t('removeDots')}
          </Button>
        </>
      )}
      {sync.error !== null && <ProblemNotice error={sync.error} />}
    </>
  );
}

function NodeConfigLine({ target }: { target: Target }) {
  const t = useTranslations('targets');
  const { enabled, distribution, state, error } = target.nodeConfig;
  if (!enabled) return null;
  const tones = { 'in-sync': 'ok', pending: 'wait', failed: 'bad', conflict: 'warn' } as const;
  return (
    <div className="row">
      <span className="dim">{t('nodeConfigOf', { distribution: distribution.toUpperCase() })}</span>
      {state !== null && <StatusBadge tone={tones[state]}>{t(`state.${state}`)}</StatusBadge>}
      {error !== null && <span>{error}</span>}
    </div>
  );
}

function Detail({ target }: { target: Target }) {
  const t = useTranslations('targets');
  const { env } = useEnvironment();
  const textOf = useCodeText();
  const [open, setOpen] = useState<Open>(null);
  const { lastError } = target.status;
  return (
    <>
      <BackLink href={`/e/${env}/targets`}>{t('title')}</BackLink>
      <PageHeader
        title={
          <span className="row">
            {target.clusterName}
            {target.simulated && <SimulatedBadge />}
          </span>
        }
        about={<TargetStatus target={target} />}
      >
        <Actions target={target} open={setOpen} />
      </PageHeader>
      {lastError !== null && <Notice tone="bad">{textOf(lastError.code, lastError.detail)}</Notice>}
      <NodeConfigLine target={target} />
      <NamespaceMatrix target={target} />
      {open === 'edit' && <TargetDialog target={target} onClose={() => setOpen(null)} />}
      {open === 'remove' && <TargetRemoval target={target} onClose={() => setOpen(null)} />}
    </>
  );
}

export function TargetDetail({ targetId }: { targetId: string }) {
  const { env } = useEnvironment();
  const query = useQuery(targetOf(env, targetId));
  return <QueryView query={query}>{(target) => <Detail target={target} />}</QueryView>;
}
