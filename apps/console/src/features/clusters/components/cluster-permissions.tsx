'use client';

import type { ClusterPermissions as Permissions } from '@moorage/contract';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { CopyButton } from '../../../components/copy-button';
import { QueryView } from '../../../components/states';
import { StatusBadge } from '../../../components/status-badge';
import { permissionsOf } from '../loaders';
import classes from './clusters.module.css';

type Item = Permissions['items'][number];

function PermissionLine({ item }: { item: Item }) {
  const t = useTranslations('clusters.permissions');
  const { verb, resource, group, namespace, feature, allowed, optional } = item;
  const lacking = optional ? 'optional' : 'missing';
  return (
    <li>
      <StatusBadge tone={allowed ? 'ok' : optional ? 'mute' : 'bad'}>
        {t(allowed ? 'have' : lacking)}
      </StatusBadge>
      <span className="mono">
        {verb} {resource}
        {group !== '' && `.${group}`}
        {namespace !== null && ` (${namespace})`}
      </span>
      <span className="dim">{t(`feature.${feature}`)}</span>
    </li>
  );
}

/** What we may do there and what we need to, and the manifest that gives exactly that. */
export function ClusterPermissions({ clusterId }: { clusterId: string }) {
  const t = useTranslations('clusters.permissions');
  const query = useQuery(permissionsOf(clusterId));
  return (
    <section className="card pad stack">
      <h2>{t('title')}</h2>
      <QueryView query={query}>
        {({ items, missing, manifest }) => (
          <>
            <p>{missing === 0 ? t('complete') : t('incomplete', { count: missing })}</p>
            <ul className={classes.permissions}>
              {items
                .toSorted((a, b) => Number(a.allowed) - Number(b.allowed))
                .map((item) => (
                  <PermissionLine
                    key={`${item.verb}/${item.group}/${item.resource}/${item.namespace}/${item.feature}`}
                    item={item}
                  />
                ))}
            </ul>
            <details open={missing > 0 || undefined}>
              <summary>{t('manifest')}</summary>
              <div className="stack-tight">
                {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard */}
                <pre className="code" style={{ maxHeight: 280 }} tabIndex={0}>
                  {manifest}
                </pre>
                <div>
                  <CopyButton text={manifest} />
                </div>
              </div>
            </details>
          </>
        )}
      </QueryView>
    </section>
  );
}
