'use client';

import type { Impact } from '@moorage/contract';
import { IconArrowRight } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { Notice } from '../../../components/notice';

type Change = Impact['changes'][number];

function ChangeLine({ change }: { change: Change }) {
  const t = useTranslations('registries.impact');
  const place = change.scope === '' ? change.address : `${change.address}/${change.scope}`;
  return (
    <li className="row" style={{ gap: 6 }}>
      <span className="mono">{place}</span>
      <span className="mono">{change.before.username}</span>
      <IconArrowRight size={14} aria-label={t('becomes')} />
      {change.after === null ? (
        <strong>{t('nothing')}</strong>
      ) : (
        <strong className="mono">{change.after.username}</strong>
      )}
    </li>
  );
}

/** Who is affected: which logins change, where, and what is used in their place. */
export function ImpactReport({ impact }: { impact: Impact }) {
  const t = useTranslations('registries.impact');
  const namespaces = impact.targets.reduce((sum, target) => sum + target.namespaces, 0);
  const losesLogin = impact.changes.some(({ after }) => after === null);
  if (impact.changes.length === 0) return <Notice tone="info">{t('unused')}</Notice>;
  return (
    <div className="stack-tight">
      <Notice tone={losesLogin ? 'warn' : 'info'}>
        <strong>{t('where', { namespaces, clusters: impact.targets.length })}</strong>
        <ul className="stack-tight">
          {impact.changes.map((change) => (
            <ChangeLine key={`${change.address}/${change.scope}`} change={change} />
          ))}
        </ul>
        {losesLogin && namespaces > 0 && <span>{t('pullsFail')}</span>}
      </Notice>
      {impact.targets.length > 0 && (
        <p className="dim">
          {impact.targets
            .map((each) => t('cluster', { name: each.clusterName, count: each.namespaces }))
            .join(t('separator'))}
        </p>
      )}
      {impact.mirrors.length > 0 && (
        <p className="dim">{t('mirrors', { count: impact.mirrors.length })}</p>
      )}
    </div>
  );
}
