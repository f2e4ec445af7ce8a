'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { countsOf } from '../loaders';
import classes from './shell.module.css';
import { type ResolvedPlace, useCurrentEnvironment, usePlaces } from './use-places';

/** Problems of one place; only problems are counted here, never plain amounts. */
function ProblemCount({ place, env }: { place: string; env: string }) {
  const t = useTranslations('navigation');
  const { data } = useQuery(countsOf(env));
  if (data === undefined) return null;
  const count = place === 'registries' ? data.credentials.expired : data.targets.failing;
  if (count === 0) return null;
  return (
    <span className={classes.count}>
      {count}
      <span className="visually-hidden"> {t('problems')}</span>
    </span>
  );
}

const COUNTED = ['registries', 'targets'];

function PlaceLink({ place, env }: { place: ResolvedPlace; env: string | null }) {
  const t = useTranslations('navigation');
  return (
    <li>
      <Link href={place.href} aria-current={place.isCurrent ? 'page' : undefined}>
        {t(`places.${place.id}`)}
        {env !== null && COUNTED.includes(place.id) && <ProblemCount place={place.id} env={env} />}
      </Link>
    </li>
  );
}

function Section({ title, places }: { title: string; places: readonly ResolvedPlace[] }) {
  if (places.length === 0) return null;
  return (
    <>
      <h2>{title}</h2>
      <ul>
        {places.map((place) => (
          <PlaceLink key={place.id} place={place} env={null} />
        ))}
      </ul>
    </>
  );
}

export function Navigation() {
  const t = useTranslations('navigation');
  const { environment, tools, installation } = usePlaces();
  const env = useCurrentEnvironment();
  return (
    <nav className={classes.nav} aria-label={t('main')}>
      <ul>
        {environment.map((place) => (
          <PlaceLink key={place.id} place={place} env={env === '' ? null : env} />
        ))}
      </ul>
      <Section title={t('tools')} places={tools} />
      <Section title={t('installation')} places={installation} />
    </nav>
  );
}
