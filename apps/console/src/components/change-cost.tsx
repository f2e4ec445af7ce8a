'use client';

import type { NodeConfigPreview } from '@moorage/contract';
import { useTranslations } from 'next-intl';
import classes from './change-cost.module.css';
import { StatusBadge, type Tone } from './status-badge';

type Cost = NodeConfigPreview['cost'];
type Costs = Pick<NodeConfigPreview, 'cost' | 'costWithAgent'>;

export const COST_TONES: Readonly<Record<Cost, Tone>> = {
  none: 'ok',
  live: 'ok',
  containerd: 'warn',
  k3s: 'warn',
};

/** What a change costs the nodes, before it is made. */
export function ChangeCost({ cost, costWithAgent }: Costs) {
  const t = useTranslations('nodeCost');
  const tone = COST_TONES[cost];
  return (
    <div className={classes.cost} data-tone={tone} role="status">
      <div className="row">
        <StatusBadge tone={tone}>{t('title')}</StatusBadge>
        <strong>{t(cost)}</strong>
      </div>
      <span className="dim">{t(`${cost}Hint`)}</span>
      {costWithAgent !== null && costWithAgent !== cost && (
        <span>
          {t('withAgent')} <strong>{t(costWithAgent)}</strong>
        </span>
      )}
    </div>
  );
}
