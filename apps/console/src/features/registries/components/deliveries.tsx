'use client';

import type { Registry } from '@moorage/contract';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { ReachBar } from '../../../components/reach-bar';
import { useEnvironment } from '../../../lib/session-context';
import { deliveriesOf } from '../loaders';

/** The clusters that this registry's login goes to, and how far it has come in each. */
export function Deliveries({ registry }: { registry: Registry }) {
  const t = useTranslations('registries');
  const { env } = useEnvironment();
  const { data } = useQuery(deliveriesOf(env));
  if (registry.state === 'disabled' || registry.deliver === 'nodes' || data === undefined)
    return null;
  return (
    <section className="stack-tight">
      <h3 className="dim">{t('peek.where')}</h3>
      {data.items.length === 0 && <span>{t('list.nowhere')}</span>}
      {data.items.map(({ id, clusterName, status }) => (
        <div key={id} className="row">
          <Link href={`/e/${env}/targets/${id}`} style={{ minWidth: 100 }}>
            {clusterName}
          </Link>
          <ReachBar
            total={status.namespaces}
            done={status.inSync}
            failed={status.failed + status.conflicts}
          />
          <span className="dim">
            {t('list.reach', { inSync: status.inSync, namespaces: status.namespaces })}
          </span>
        </div>
      ))}
    </section>
  );
}
