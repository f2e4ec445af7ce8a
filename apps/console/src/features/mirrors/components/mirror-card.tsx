'use client';

import { Button } from '@mantine/core';
import type { Mirror } from '@moorage/contract';
import { useTranslations } from 'next-intl';
import classes from './mirrors.module.css';

/** The endpoints of one registry, in the order in which nodes try them. */
export function MirrorCard({ mirror, onEdit }: { mirror: Mirror; onEdit?: () => void }) {
  const t = useTranslations('mirrors');
  const { registry, endpoints, rewrites } = mirror;
  return (
    <section className="card" aria-label={registry}>
      <div className={classes.cardHead}>
        <h2 className="mono">{registry}</h2>
        <span className="dim">
          {registry === '*' ? t('everyRegistry') : t('inThisOrder', { count: endpoints.length })}
        </span>
        {onEdit !== undefined && (
          <Button variant="default" className="push" onClick={onEdit}>
            {t('edit')}
          </Button>
        )}
      </div>
      <ol>
        {endpoints.map((endpoint, index) => (
          <li key={endpoint} className={classes.line}>
            <span className={classes.number}>{index + 1}</span>
            <span className="mono">{endpoint}</span>
          </li>
        ))}
        <li className={classes.line}>
          <span className={classes.number} aria-hidden>
            ↳
          </span>
          <span className="dim">{t('defaultLast')}</span>
        </li>
      </ol>
      {rewrites.length > 0 && (
        <div className={classes.rewrites}>
          <h3 className="dim">{t('rewrites')}</h3>
          {rewrites.map(({ pattern, replacement }) => (
            <div key={pattern} className="row mono">
              <span>{pattern}</span>
              <span aria-hidden>→</span>
              <span>{replacement}</span>
            </div>
          ))}
        </div>
      )}
    </section>
  );
}
