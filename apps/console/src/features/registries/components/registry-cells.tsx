'use client';

import type { Registry } from '@moorage/contract';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { ReachBar } from '../../../components/reach-bar';
import { Time } from '../../../components/time';
import { PROVIDER_LABELS } from '../labels';
import { ProviderMark } from './provider-mark';
import classes from './registries.module.css';

export function NameCell({ registry, href }: { registry: Registry; href: string }) {
  return (
    <div className="row-tight" style={{ gap: 10 }}>
      <ProviderMark provider={registry.provider} />
      <div className="two-lines">
        <Link href={href} className={classes.name}>
          {registry.name}
        </Link>
        {registry.address === registry.name ? (
          <small>{PROVIDER_LABELS[registry.provider].name}</small>
        ) : (
          <small className="mono">{registry.address}</small>
        )}
      </div>
    </div>
  );
}

function EffectiveNames({ registry }: { registry: Registry }) {
  const t = useTranslations('registries');
  const [first, ...others] = registry.effectiveCredentials;
  if (first === undefined) return <span className="dim">{t('list.none')}</span>;
  if (others.length === 0) return <span className="mono">{first.username}</span>;
  return <span>{t('list.scopes', { count: others.length + 1 })}</span>;
}

export function EffectiveCell({ registry }: { registry: Registry }) {
  const t = useTranslations('registries');
  if (registry.state === 'disabled') return <span className="dim">{t('list.keptNotUsed')}</span>;
  const expiresAt = registry.effectiveCredentials.find((each) => each.expiresAt)?.expiresAt;
  const { credentialCount, effectiveCredentials } = registry;
  const scopes = effectiveCredentials.map(({ scope }) => scope || '*').join(', ');
  return (
    <div className="two-lines">
      <EffectiveNames registry={registry} />
      <small>
        {expiresAt
          ? t.rich('list.ends', { time: () => <Time value={expiresAt} /> })
          : effectiveCredentials.length > 1
            ? scopes
            : t('list.newestOf', { count: credentialCount })}
      </small>
    </div>
  );
}

export function ReachCell({ registry }: { registry: Registry }) {
  const t = useTranslations('registries');
  const { namespaces, inSync, failed } = registry.reach;
  if (registry.state === 'disabled') return <span className="dim">{t('list.leftClusters')}</span>;
  if (registry.deliver === 'nodes') return <span className="dim">{t('deliver.nodes')}</span>;
  if (namespaces === 0) return <span className="dim">{t('list.nowhere')}</span>;
  return (
    <div className="two-lines" style={{ gap: 3 }}>
      <ReachBar total={namespaces} done={inSync} failed={failed} />
      <small>{t('list.reach', { inSync, namespaces })}</small>
    </div>
  );
}
