'use client';

import { Button } from '@mantine/core';
import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { BackLink } from '../../../components/back-link';
import { PageHeader } from '../../../components/page-header';
import { useEnvironment } from '../../../lib/session-context';
import { AgentManifest } from './agent-manifest';
import { MaskedFiles } from './masked-files';

const LinkDialog = dynamic(() => import('./link-dialog').then((module) => module.LinkDialog));

function LinkCard() {
  const t = useTranslations('delivery.link');
  const { can } = useEnvironment();
  const [isOpen, setOpen] = useState(false);
  return (
    <section className="card pad stack" aria-labelledby="delivery-link">
      <h2 id="delivery-link">{t('title')}</h2>
      <p>{t('about')}</p>
      <p className="dim">{t('when')}</p>
      {can('node-config:secrets') ? (
        <div>
          <Button onClick={() => setOpen(true)}>{t('open')}</Button>
        </div>
      ) : (
        <p className="dim">{t('forbidden')}</p>
      )}
      {isOpen && <LinkDialog onClose={() => setOpen(false)} />}
    </section>
  );
}

/** Three ways onto nodes, the one that keeps itself up to date first. */
export function DeliveryView() {
  const t = useTranslations('delivery');
  const { env, can } = useEnvironment();
  return (
    <>
      <BackLink href={`/e/${env}/mirrors`}>{t('back')}</BackLink>
      <PageHeader title={t('title')} about={t('about')} />
      {can('targets:read') && <AgentManifest />}
      <LinkCard />
      <MaskedFiles />
    </>
  );
}
