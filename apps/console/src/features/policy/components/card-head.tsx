'use client';

import type { Setting } from '@moorage/contract';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Tag } from '../../../components/status-badge';
import classes from './policy.module.css';

/** Head of a setting's card: its name in words and in the API, and where its value comes from. */
export function CardHead({
  title,
  setting,
  children,
}: {
  title: string;
  setting: Setting;
  children?: ReactNode;
}) {
  const t = useTranslations('policy');
  return (
    <div className={classes.cardHead}>
      <h2>{title}</h2>
      <span className={`mono dim ${classes.apiName}`}>{setting.name}</span>
      <Tag>{t(`source.${setting.source}`)}</Tag>
      <div className="row push">{children}</div>
    </div>
  );
}
