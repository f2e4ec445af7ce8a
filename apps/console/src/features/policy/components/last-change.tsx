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

/** A value in words: the names of modes and places, the length of a list, an address as it is. */
function useValueWords(env: string | null): (name: SettingName, value: unknown) => string {
  const t = useTranslations('policy');
  return (name, value) => {
    if (typeof value !== 'string')
      return t(env === null ? 'lastChange.builtIn' : 'lastChange.inherited');
    if (value === '') return t('lastChange.none');
    switch (name) {
      case 'registry.whitelist':
        return t('lastChange.entries', { count: value.split(',').length });
      case 'registry.default':
        return value;
      case 'policy.mode':
        return t.has(`mode.${value}`) ? t(`mode.${value}`) : value;
      case 'policy.default-registry-at':
        return t.has(`default.at.${value}`) ? t(`default.at.${value}`) : value;
    }
  };
}

function WhatChanged({ env, entry }: { env: string | null; entry: AuditEntry }) {
  const t = useTranslations('policy');
  const wordsOf = useValueWords(env);
  const name = settingOf(entry);
  const { before, after } = entry.changes.value ?? {};
  if (name === null) return null;
  return (
    <span>
      <strong>{t(TITLES[name])}</strong>
      {': '}
      {wordsOf(name, before)} → {wordsOf(name, after)}
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
      <WhatChanged env={env} entry={entry} />
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
