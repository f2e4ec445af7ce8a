'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { summaryOf } from '../loaders';
import classes from './shell.module.css';
import { type ResolvedPlace, useCurrentEnvironment, usePlaces } from './use-places';

/** Problems per place; only problems are counted here, never plain amounts. */
function useProblemCounts(): Readonly<Record<string, number>> {
  const env = useCurrentEnvironment();
  const { data } = useQuery({ ...summaryOf(env), enabled: env !== '' });
  if (data === undefined) return {};
  return {
    registries: data.credentials.expired,
    targets: data.targets.failing + (data.namespaces.conflicts > 0 ? 1 : 0),
  };
}

function PlaceLink({ place, problems }: { place: ResolvedPlace; problems: number }) {
  const t = useTranslations('navigation');
  return (
    <li>
      <Link href={place.href} aria-current={place.isCurrent ? 'page' : undefined}>
        {t(`places.${place.id}`)}
        {problems > 0 && (
          <span className={classes.count}>
            {problems}
            <span className="visually-hidden"> {t('problems')}</span>
          </span>
        )}
      </Link>
    </li>
  );
}

export function Navigation() {
  const t = useTranslations('navigation');
  const { environment, installation } = usePlaces();
  const problems = useProblemCounts();
  return (
    <nav className={classes.nav} aria-label={t('main')}>
      <ul>
        {environment.map((place) => (
          <PlaceLink key={place.id} place={place} problems={problems[place.id] ?? 0} />
        ))}
      </ul>
      {installation.length > 0 && (
        <>
          <h2>{t('installation')}</h2>
          <ul>
            {installation.map((place) => (
              <PlaceLink key={place.id} place={place} problems={0} />
            ))}
          </ul>
        </>
      )}
    </nav>
  );
}
