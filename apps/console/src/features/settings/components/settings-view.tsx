'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { PageHeader } from '../../../components/page-header';
import { QueryView } from '../../../components/states';
import { useSession } from '../../../lib/session-context';
import { SHOWN_SETTINGS } from '../labels';
import { installationSettings, settingsOf } from '../loaders';
import { SettingCard } from './setting-card';

function useMayWrite(env: string | null): boolean {
  const { environments, permissions } = useSession();
  if (env === null) return permissions.includes('installation-settings:write');
  const environment = environments.find(({ name, id }) => name === env || id === env);
  return environment?.permissions.includes('settings:write') ?? false;
}

/** Settings of one environment, or with `env` null the values that all of them inherit. */
export function SettingsView({ env }: { env: string | null }) {
  const t = useTranslations('settings');
  const read = env === null ? installationSettings() : settingsOf(env);
  const query = useQuery({
    queryKey: read.queryKey,
    queryFn: () => (env === null ? installationSettings() : settingsOf(env)).queryFn(),
  });
  const mayWrite = useMayWrite(env);
  return (
    <>
      <PageHeader title={t('title')} about={t(env === null ? 'aboutAll' : 'about')} />
      <QueryView query={query}>
        {({ items }) => (
          <div className="stack" style={{ maxWidth: 720 }}>
            {SHOWN_SETTINGS.map((shown) => {
              const setting = items.find(({ name }) => name === shown.name);
              if (setting === undefined) return null;
              return (
                <SettingCard
                  key={`${shown.name}/${setting.value}`}
                  env={env}
                  shown={shown}
                  setting={setting}
                  mayWrite={mayWrite}
                />
              );
            })}
            <p className="dim">{t('scope')}</p>
          </div>
        )}
      </QueryView>
    </>
  );
}
