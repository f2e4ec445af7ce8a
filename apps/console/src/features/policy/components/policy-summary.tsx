'use client';

import { Button } from '@mantine/core';
import type { ImagePolicy } from '@moorage/contract';
import { useTranslations } from 'next-intl';
import { Notice } from '../../../components/notice';
import { StatusBadge, Tag } from '../../../components/status-badge';
import { holds } from '../labels';
import { ChangeProblem } from './change-problem';
import classes from './policy.module.css';
import { useDetailedCode } from './policy-words';
import type { SettingChanges } from './use-setting-change';

/** Where it holds, so that the sentence beside it is not taken for more than it is. */
function Reach({ clusters, conflict }: Pick<ImagePolicy, 'clusters' | 'conflict'>) {
  const t = useTranslations('policy.reach');
  const count = clusters.filter(({ whitelist }) => holds(whitelist.state)).length;
  const total = clusters.length;
  if (total === 0 || conflict !== null) return null;
  return (
    <StatusBadge tone={count === total ? 'ok' : 'warn'}>
      {count === total ? t('everywhere', { count }) : t('partly', { count, total })}
    </StatusBadge>
  );
}

/** Switched off is no more than a wish in a cluster that has not been told yet: it refuses as before. */
function NotYetOff({ clusters }: Pick<ImagePolicy, 'clusters'>) {
  const t = useTranslations('policy.reach');
  const count = clusters.filter(({ whitelist }) => whitelist.state !== 'off').length;
  if (count === 0) return null;
  return <StatusBadge tone="warn">{t('notYetOff', { count, total: clusters.length })}</StatusBadge>;
}

function WhatCounts({ policy }: { policy: ImagePolicy }) {
  const t = useTranslations('policy');
  const { mode, whitelist, defaultRegistry } = policy;
  const isOn = whitelist !== null && mode !== 'off';
  const key = isOn ? mode : whitelist === null ? 'noWhitelist' : 'off';
  return (
    <>
      {whitelist !== null && <Tag>{t(`mode.${mode}`)}</Tag>}
      <span>{t(`counts.${key}`, { count: whitelist?.length ?? 0 })}</span>
      {isOn ? <Reach {...policy} /> : <NotYetOff {...policy} />}
      {defaultRegistry !== null && (
        <span className="dim">
          {t('counts.default')} <span className="mono">{defaultRegistry}</span>
        </span>
      )}
    </>
  );
}

function Conflict({ conflict }: Pick<ImagePolicy, 'conflict'>) {
  const t = useTranslations('policy');
  const textOf = useDetailedCode();
  if (conflict === null) return null;
  const { sentence, detail } = textOf(conflict.code, conflict.detail);
  return (
    <Notice tone="bad">
      <strong>{t('conflict')}</strong>
      <span>{sentence}</span>
      {detail !== null && (
        <small className="dim" lang="en">
          {detail}
        </small>
      )}
    </Notice>
  );
}

/** What an environment asks for and the installation does not grant; entries say it in their own line. */
function Overruled({ overruled }: Pick<ImagePolicy, 'overruled'>) {
  const t = useTranslations('policy.overruled');
  const modes = overruled.filter(({ setting }) => setting === 'policy.mode');
  if (modes.length === 0) return null;
  return (
    <Notice tone="warn">
      {modes.map(({ value }) => (
        <span key={value}>{t('mode', { value })}</span>
      ))}
    </Notice>
  );
}

/** One line on what holds, with the quick way back while something is refused. */
export function PolicySummary({
  policy,
  changes,
  canWeaken,
}: {
  policy: ImagePolicy;
  changes: SettingChanges;
  canWeaken: boolean;
}) {
  const t = useTranslations('policy');
  const isEnforced = policy.mode === 'enforce' && policy.whitelist !== null;
  return (
    <>
      <div className={`card ${classes.summary}`}>
        <div className={`row ${classes.counts}`} aria-live="polite">
          <WhatCounts policy={policy} />
        </div>
        {isEnforced && canWeaken && (
          <Button
            className="push"
            variant="default"
            loading={changes.pending}
            onClick={() => void changes.applyOrReview({ name: 'policy.mode', value: 'warn' })}
          >
            {t('backToWarn')}
          </Button>
        )}
      </div>
      <ChangeProblem error={changes.error} />
      <Conflict conflict={policy.conflict} />
      <Overruled overruled={policy.overruled} />
    </>
  );
}
