import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { PageHeader } from '../../../../components/page-header';
import { PasswordForm } from '../../../../features/session/components/password-form';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('password'))('title') };
}

export default async function PasswordPage() {
  const t = await getTranslations('password');
  return (
    <>
      <PageHeader title={t('title')} />
      <PasswordForm />
    </>
  );
}
