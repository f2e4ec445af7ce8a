'use client';

import { Button } from '@mantine/core';
import type { Mirror } from '@moorage/contract';
import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { PageHeader } from '../../../components/page-header';
import { EmptyState, QueryView } from '../../../components/states';
import { useEnvironment } from '../../../lib/session-context';
import { mirrorsOf } from '../loaders';
import { MirrorCard } from './mirror-card';
import classes from './mirrors.module.css';
import { NodeConfigPane } from './node-config-pane';

const MirrorForm = dynamic(() => import('./mirror-form').then((module) => module.MirrorForm));

/** Left what is set, right the file that nodes read: the same document twice. */
export function MirrorsView() {
  const t = useTranslations('mirrors');
  const { env, can } = useEnvironment();
  const query = useQuery(mirrorsOf(env));
  const [edited, setEdited] = useState<string | null>(null);
  const mayWrite = can('registries:write');
  const editor = (mirror: Mirror | null) => (
    <MirrorForm
      key={mirror?.id ?? 'new'}
      mirror={mirror}
      count={query.data?.items.length ?? 0}
      onClose={() => setEdited(null)}
    />
  );
  return (
    <>
      <PageHeader title={t('title')} about={t('about')}>
        {mayWrite && <Button onClick={() => setEdited('new')}>{t('add')}</Button>}
      </PageHeader>
      <div className={classes.columns}>
        <div className="stack">
          {edited === 'new' && editor(null)}
          <QueryView query={query}>
            {({ items }) => (
              <>
                {items.length === 0 && edited === null && (
                  <EmptyState title={t('empty')}>{t('emptyHint')}</EmptyState>
                )}
                {items.map((mirror) =>
                  mirror.id === edited ? (
                    editor(mirror)
                  ) : (
                    <MirrorCard
                      key={mirror.id}
                      mirror={mirror}
                      {...(mayWrite ? { onEdit: () => setEdited(mirror.id) } : {})}
                    />
                  ),
                )}
              </>
            )}
          </QueryView>
        </div>
        <NodeConfigPane />
      </div>
    </>
  );
}
