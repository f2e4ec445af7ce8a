'use client';

import { Button } from '@mantine/core';
import type { AuditEntry, SettingName } from '@moorage/contract';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { Time } from '../../../components/time';
import { lastChangesOf, lastInstallationChanges } from '../loaders';
import { changeBack, settingOf } from './change-back';
import classes from './policy.module.css';
import type { SettingChanges } from './use-setting-change';

const TITLES = {
  'registry.whitelist': 'whitelist.title',
  'registry.default': 'default.title',
  'policy.mode': 'mode.title',
  'policy.default-registry-at': 'default.where',
} as const satisfies Record<SettingName, string>;

function useLastChange(env: string | null): AuditEntry | undefined {
  const read = env === null ? lastInstallationChanges() : lastChangesOf(env);
  const { data } = useQuery({
    queryKey: read.queryKey,
    queryFn: () => (env === null ? lastInstallationChanges() : lastChangesOf(env)).queryFn(),
  });
  return data?.items.find(
    (entry) => settingOf(entry) !== null && (entry.environmentId === null) === (env === null),
  );
}

function WhatChanged({ entry }: { entry: AuditEntry }) {
  const t = useTranslations('policy');
  const name = settingOf(entry);
  const { before, after } = entry.changes.value ?? {};
  const show = (value: unknown) => {
    if (value === null || value === undefined) return t('lastChange.inherited');
    if (value === '') return t('lastChange.off');
    if (name === 'registry.whitelist')
      return t('lastChange.entries', { count: String(value).split(',').length });
    return String(value);
  };
  if (name === null) return null;
  return (
    <span>
      <strong>{t(TITLES[name])}</strong>
      {': '}
      {show(before)} → {show(after)}
    </span>
  );
}

/** The newest change of the policy, and one click that takes it back. */
export function LastChange({ env, changes }: { env: string | null; changes: SettingChanges }) {
  const t = useTranslations('policy.lastChange');
  const entry = useLastChange(env);
  if (entry === undefined) return null;
  const back = changeBack(entry);
  return (
    <div className={`row ${classes.lastChange}`}>
      <WhatChanged entry={entry} />
      <span className="dim">
        {entry.actor.name}, <Time value={entry.at} />
      </span>
      {back !== null && (
        <Button
          className="push"
          variant="default"
          size="compact-sm"
          loading={changes.pending}
          onClick={() => void changes.applyOrReview(back)}
        >
          {t('undo')}
        </Button>
      )}
    </div>
  );
}
