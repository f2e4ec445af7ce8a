'use client';

import { Button } from '@mantine/core';
import type { Mirror } from '@moorage/contract';
import { useTranslations } from 'next-intl';
import { Tag } from '../../../components/status-badge';
import type { CoreAnswer } from '../../../lib/core/core-answers';
import classes from './mirrors.module.css';

type Host = CoreAnswer<'check'>['hosts'][string];

interface CardProps {
  readonly mirror: Mirror;
  /** what nodes make of it; undefined where that is not known */
  readonly host: Host | undefined;
  readonly onEdit: (() => void) | undefined;
  /** it was edited just now: the keyboard goes on here */
  readonly isReturned: boolean;
}

function withoutRoot(url: string | null): string {
  return (url ?? '').replace(/^https:\/\//, '').replace(/\/(?:v2)?$/, '');
}

/** The login that reaches an endpoint, which depends on its host and port alone. */
function Login({ host, endpoint }: { host: Host | undefined; endpoint: string | null }) {
  const t = useTranslations('mirrors');
  if (host === undefined) return null;
  const found =
    host.endpoints.find(({ url }) => withoutRoot(url) === withoutRoot(endpoint)) ?? host.default;
  if (found === null) return null;
  const username = found.auth?.username;
  if (found.auth === null) return <Tag>{t('anonymous')}</Tag>;
  return <Tag>{username === undefined ? t('withLogin') : t('withLoginOf', { username })}</Tag>;
}

function Rewrites({ rewrites }: Pick<Mirror, 'rewrites'>) {
  const t = useTranslations('mirrors');
  if (rewrites.length === 0) return null;
  return (
    <div className={classes.rewrites}>
      <p className="dim">{t('rewrites')}</p>
      {rewrites.map(({ pattern, replacement }) => (
        <div key={pattern} className="row mono">
          <span>{pattern}</span>
          <span aria-hidden>→</span>
          <span>{replacement}</span>
        </div>
      ))}
    </div>
  );
}

/** The endpoints of one registry, in the order in which nodes try them. */
export function MirrorCard({ mirror, host, onEdit, isReturned }: CardProps) {
  const t = useTranslations('mirrors');
  const { registry, endpoints, rewrites } = mirror;
  const last = host?.default?.url ?? null;
  return (
    <section className="card" aria-label={registry}>
      <div className={classes.cardHead}>
        <h2 className="mono">{registry}</h2>
        <span className="dim">
          {registry === '*' ? t('everyRegistry') : t('inThisOrder', { count: endpoints.length })}
        </span>
        {onEdit !== undefined && (
          <Button variant="default" className="push" autoFocus={isReturned} onClick={onEdit}>
            {t('edit')}
          </Button>
        )}
      </div>
      <ol>
        {endpoints.map((endpoint, index) => (
          <li key={endpoint} className={classes.line}>
            <span className={classes.number}>{index + 1}</span>
            <span className="mono grow">{endpoint}</span>
            <Login host={host} endpoint={endpoint} />
          </li>
        ))}
        <li className={classes.line}>
          <span className={classes.number} aria-hidden>
            ↳
          </span>
          <span className="grow">
            {last !== null && <span className="mono">{last} </span>}
            <span className="dim">{last === null ? t('defaultLast') : t('defaultHint')}</span>
          </span>
          {last !== null && <Login host={host} endpoint={null} />}
        </li>
      </ol>
      <Rewrites rewrites={rewrites} />
    </section>
  );
}
