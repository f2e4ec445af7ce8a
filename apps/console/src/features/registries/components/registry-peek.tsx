'use client';

import { CloseButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { LinkButton } from '../../../components/link-button';
import { QueryView } from '../../../components/states';
import { useEnvironment } from '../../../lib/session-context';
import { registryOf } from '../loaders';
import { CredentialStack } from './credential-stack';
import { Deliveries } from './deliveries';
import { ProviderMark } from './provider-mark';
import classes from './registries.module.css';
import { RegistrySwitch } from './registry-switch';

/** A registry beside the list: which credential is used, which would be next, where they are. */
export function RegistryPeek({ registryId, onClose }: { registryId: string; onClose: () => void }) {
  const t = useTranslations('registries');
  const { env } = useEnvironment();
  const query = useQuery(registryOf(env, registryId));
  return (
    <aside
      className={`card ${classes.peek}`}
      aria-label={query.data?.name ?? t('title')}
      onKeyDown={({ key }) => key === 'Escape' && onClose()}
    >
      <QueryView query={query}>
        {(registry) => (
          <>
            <div className="row" style={{ flexWrap: 'nowrap' }}>
              <ProviderMark provider={registry.provider} />
              <div className="two-lines grow">
                <h2>{registry.name}</h2>
                {registry.address !== registry.name && (
                  <small className="mono">{registry.address}</small>
                )}
              </div>
              <CloseButton aria-label={t('peek.close')} onClick={onClose} />
            </div>
            <CredentialStack registry={registry} />
            <Deliveries registry={registry} />
            <div className="row">
              <RegistrySwitch registry={registry} />
              <span className="push" />
              <LinkButton variant="default" href={`/e/${env}/registries/${registry.id}`}>
                {t('peek.open')}
              </LinkButton>
            </div>
          </>
        )}
      </QueryView>
    </aside>
  );
}
