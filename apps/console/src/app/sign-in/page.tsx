import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { Mark } from '../../components/mark';
import { SignInForm } from '../../features/session/components/sign-in-form';
import classes from './sign-in.module.css';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('session'))('signIn') };
}

export default async function SignInPage() {
  const t = await getTranslations('session');
  return (
    <main className={classes.page}>
      <div className={classes.box}>
        <div className="row">
          <Mark size={26} />
          <h1>Moorage</h1>
        </div>
        <p className="dim">{t('tagline')}</p>
        <SignInForm />
      </div>
    </main>
  );
}
