import { redirect } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { EmptyState } from '../../components/states';
import { loadSession } from '../../lib/session';

/** The front door: the first environment of the visitor. The one for real work comes before the sandbox. */
export default async function HomePage() {
  const { environments } = await loadSession();
  const first = environments.find(({ simulated }) => !simulated) ?? environments[0];
  if (first !== undefined) redirect(`/e/${first.name}`);
  const t = await getTranslations('states');
  return <EmptyState title={t('noEnvironment')}>{t('noEnvironmentHint')}</EmptyState>;
}
