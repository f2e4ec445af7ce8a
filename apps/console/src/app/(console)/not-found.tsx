import { getTranslations } from 'next-intl/server';
import { LinkButton } from '../../components/link-button';
import { EmptyState } from '../../components/states';

export default async function NotFound() {
  const t = await getTranslations('states');
  return (
    <EmptyState title={t('notFound')} action={<LinkButton href="/">{t('goHome')}</LinkButton>}>
      {t('notFoundHint')}
    </EmptyState>
  );
}
