'use client';

import type { Setting } from '@moorage/contract';
import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { Notice } from '../../../components/notice';
import { PageHeader } from '../../../components/page-header';
import { QueryView } from '../../../components/states';
import { installationSettings } from '../loaders';
import { ChangeProblem } from './change-problem';
import { LastChange } from './last-change';
import { SettingCards } from './setting-cards';
import { useSettingChanges, warnFirstOf } from './use-setting-change';
import type { ShownEntry } from './whitelist-draft';

const ChangeReview = dynamic(() => import('./change-review').then((module) => module.ChangeReview));

function entriesOf(whitelist: Setting | undefined): readonly ShownEntry[] {
  const value = whitelist?.effective ?? '';
  if (value === '') return [];
  return value.split(',').map((entry) => ({
    entry,
    note: whitelist?.notes[entry] ?? '',
    from: 'installation',
    overruled: null,
  }));
}

function InstallationPolicy({ settings }: { settings: readonly Setting[] }) {
  const changes = useSettingChanges(null);
  const { reviewed, closeReview } = changes;
  const whitelist = settings.find(({ name }) => name === 'registry.whitelist');
  const mode = settings.find(({ name }) => name === 'policy.mode');
  const entries = entriesOf(whitelist);
  return (
    <div className="stack" style={{ maxWidth: 760 }}>
      <ChangeProblem error={changes.error} />
      <LastChange env={null} changes={changes} />
      <SettingCards
        env={null}
        settings={settings}
        entries={entries}
        inForce={entries.length === 0 ? null : entries.map(({ entry }) => entry)}
        mayWrite
        changes={changes}
      />
      {reviewed !== null && (
        <ChangeReview
          env={null}
          reviewed={reviewed}
          warnFirst={warnFirstOf(null, mode, reviewed.change)}
          onClose={closeReview}
        />
      )}
    </div>
  );
}

/** What holds in every environment: each may narrow and strengthen it, none may do the reverse. */
export function InstallationPolicyView() {
  const t = useTranslations('policy');
  const query = useQuery(installationSettings());
  return (
    <>
      <PageHeader title={t('titleAll')} about={t('aboutAll')} />
      <Notice tone="info">{t('installationHint')}</Notice>
      <QueryView query={query}>{({ items }) => <InstallationPolicy settings={items} />}</QueryView>
    </>
  );
}
