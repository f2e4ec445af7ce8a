'use client';

import type { NodeConfigPreview } from '@moorage/contract';
import { useTranslations } from 'next-intl';
import { StatusBadge } from '../../../components/status-badge';
import { COST_TONES } from '../labels';
import classes from './mirrors.module.css';

/** What a change costs the nodes, before it is made. */
export function ChangeCost({ cost }: Pick<NodeConfigPreview, 'cost'>) {
  const t = useTranslations('mirrors.cost');
  const tone = COST_TONES[cost];
  return (
    <div className={classes.cost} data-tone={tone} role="status">
      <div className="row">
        <StatusBadge tone={tone}>{t('title')}</StatusBadge>
        <strong>{t(cost)}</strong>
      </div>
      <span className="dim">{t(`${cost}Hint`)}</span>
    </div>
  );
}
