'use client';

import { Button } from '@mantine/core';
import type { Registry } from '@moorage/contract';
import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { BackLink } from '../../../components/back-link';
import { PageHeader } from '../../../components/page-header';
import { QueryView } from '../../../components/states';
import { Time } from '../../../components/time';
import { useEnvironment } from '../../../lib/session-context';
import { PROVIDER_LABELS } from '../labels';
import { registryOf } from '../loaders';
import { CredentialStack } from './credential-stack';
import { Deliveries } from './deliveries';
import { ProviderMark } from './provider-mark';
import classes from './registries.module.css';
import { RegistryStatus } from './registry-status';
import { RegistrySwitch } from './registry-switch';

const RegistryDialog = dynamic(() =>
  import('./registry-dialog').then((module) => module.RegistryDialog),
);

function ConnectionFacts({ registry }: { registry: Registry }) {
  const t = useTranslations('registries.connection');
  const { scheme, caCertificate, clientCertificate, insecureSkipVerify } = registry.connection;
  return (
    <>
      <dt>{t('title')}</dt>
      <dd>
        <span className="mono">{scheme}</span>
        {caCertificate !== null && <>, {t('privateCa')}</>}
        {clientCertificate !== null && <>, {t('clientCertificate')}</>}
        {insecureSkipVerify && <strong style={{ color: 'var(--bad)' }}>, {t('unverified')}</strong>}
      </dd>
    </>
  );
}

function Facts({ registry }: { registry: Registry }) {
  const t = useTranslations('registries');
  return (
    <dl className={classes.facts}>
      <dt>{t('form.address')}</dt>
      <dd className="mono">{registry.address}</dd>
      <dt>{t('add.provider')}</dt>
      <dd>
        {registry.provider === 'generic'
          ? t('add.generic')
          : PROVIDER_LABELS[registry.provider].name}
      </dd>
      <dt>{t('deliver.label')}</dt>
      <dd>{t(`deliver.${registry.deliver}`)}</dd>
      <ConnectionFacts registry={registry} />
      {registry.description !== '' && (
        <>
          <dt>{t('form.description')}</dt>
          <dd>{registry.description}</dd>
        </>
      )}
      <dt>{t('detail.created')}</dt>
      <dd>
        <Time value={registry.createdAt} />
      </dd>
      <dt>{t('detail.updated')}</dt>
      <dd>
        <Time value={registry.updatedAt} />
      </dd>
    </dl>
  );
}

function Detail({ registry }: { registry: Registry }) {
  const t = useTranslations('registries');
  const { env, can } = useEnvironment();
  const [isEditing, setEditing] = useState(false);
  return (
    <>
      <BackLink href={`/e/${env}/registries`}>{t('title')}</BackLink>
      <PageHeader
        title={
          <span className="row">
            <ProviderMark provider={registry.provider} />
            {registry.name}
          </span>
        }
        about={<RegistryStatus registry={registry} />}
      >
        {can('registries:write') && (
          <Button variant="default" onClick={() => setEditing(true)}>
            {t('detail.edit')}
          </Button>
        )}
        <RegistrySwitch registry={registry} withDelete />
      </PageHeader>
      <div className={classes.columns}>
        <div className="card pad">
          <CredentialStack registry={registry} />
        </div>
        <div className="stack">
          <div className="card pad">
            <Facts registry={registry} />
          </div>
          <div className="card pad">
            <Deliveries registry={registry} />
          </div>
        </div>
      </div>
      {isEditing && <RegistryDialog registry={registry} onClose={() => setEditing(false)} />}
    </>
  );
}

export function RegistryDetail({ registryId }: { registryId: string }) {
  const { env } = useEnvironment();
  const query = useQuery(registryOf(env, registryId));
  return <QueryView query={query}>{(registry) => <Detail registry={registry} />}</QueryView>;
}
