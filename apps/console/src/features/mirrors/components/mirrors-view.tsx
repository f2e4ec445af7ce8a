'use client';

import { Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { Mirror } from '@moorage/contract';
import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { useQueryStates } from 'nuqs';
import { useMemo, useState } from 'react';
import { LinkButton } from '../../../components/link-button';
import { PageHeader } from '../../../components/page-header';
import { EmptyState, QueryView } from '../../../components/states';
import type { CoreAnswer } from '../../../lib/core/core-answers';
import { useCoreAnswer } from '../../../lib/core/use-core-answer';
import { useEnvironment } from '../../../lib/session-context';
import { mirrorFilters, mirrorsOf, type NodeFormat } from '../loaders';
import { MirrorCard } from './mirror-card';
import { type Editing, mirrorsAfterSaving, startOfMirror } from './mirror-draft';
import classes from './mirrors.module.css';
import { NodeConfigPane } from './node-config-pane';
import { TryImage } from './try-image';
import { useNodeConfig } from './use-node-config';

const MirrorForm = dynamic(() => import('./mirror-form').then((module) => module.MirrorForm));
const MirrorRemoval = dynamic(() =>
  import('./mirror-removal').then((module) => module.MirrorRemoval),
);

/** A preview is asked for when typing rests. */
const SETTLED_AFTER_MS = 250;
const FIRST_IMAGE = 'nginx:1.29';
const NO_MIRRORS: readonly Mirror[] = [];
const NO_HOSTS: CoreAnswer<'check'>['hosts'] = {};

function Actions({ onAdd }: { onAdd: () => void }) {
  const t = useTranslations('mirrors');
  const { env, can } = useEnvironment();
  const mayWrite = can('registries:write');
  return (
    <>
      <LinkButton variant="default" href={`/e/${env}/mirrors/image-list`}>
        {t('imageList')}
      </LinkButton>
      {mayWrite && (
        <LinkButton variant="default" href={`/e/${env}/mirrors/import`}>
          {t('import')}
        </LinkButton>
      )}
      <LinkButton variant="default" href={`/e/${env}/mirrors/delivery`}>
        {t('deliver')}
      </LinkButton>
      {mayWrite && <Button onClick={onAdd}>{t('add')}</Button>}
    </>
  );
}

/** The mirror that is being edited, and all mirrors as they would be with it once typing rests. */
function useEditing(items: readonly Mirror[]) {
  const [editing, setEditing] = useState<Editing | null>(null);
  const after = useMemo(
    () => (editing === null ? null : mirrorsAfterSaving(items, editing)),
    [items, editing],
  );
  const [settled] = useDebouncedValue(after, SETTLED_AFTER_MS);
  return { editing, setEditing, draft: after === null ? null : (settled ?? after) };
}

/** What nodes make of the stored file: which login reaches which endpoint, and what comes last. */
function useStoredHosts(env: string, format: NodeFormat): CoreAnswer<'check'>['hosts'] {
  const distribution = format === 'rke2-registries.yaml' ? 'rke2' : 'k3s';
  const { stored } = useNodeConfig(env, `${distribution}-registries.yaml`, null);
  const document = stored.data?.files.find(({ path }) =>
    path.endsWith('/registries.yaml'),
  )?.content;
  const question = useMemo(
    () => (document === undefined ? null : ({ document, distribution } as const)),
    [document, distribution],
  );
  return useCoreAnswer('check', question).told?.answer.hosts ?? NO_HOSTS;
}

/** Left what is set, right the file that nodes read: the same document twice, also while it is typed. */
export function MirrorsView() {
  const t = useTranslations('mirrors');
  const { env, can } = useEnvironment();
  const [{ format }, setFilters] = useQueryStates(mirrorFilters);
  const query = useQuery(mirrorsOf(env));
  const items = query.data?.items ?? NO_MIRRORS;
  const { editing, setEditing, draft } = useEditing(items);
  const [doomed, setDoomed] = useState<Mirror | null>(null);
  const [image, setImage] = useState(FIRST_IMAGE);
  const { preview } = useNodeConfig(env, format, draft);
  const hosts = useStoredHosts(env, format);
  const mayWrite = can('registries:write');
  const edit = (mirror: Mirror | null) => setEditing({ mirror, draft: startOfMirror(mirror) });
  const editRegistry = (registry: string) => {
    const mirror = items.find((each) => each.registry === registry);
    if (mirror !== undefined) edit(mirror);
  };
  const form = editing !== null && (
    <MirrorForm
      key={editing.mirror?.id ?? 'new'}
      editing={editing}
      image={image}
      cost={preview?.data?.cost ?? null}
      onChange={(next) => setEditing({ ...editing, draft: next })}
      onDelete={() => setDoomed(editing.mirror)}
      onClose={() => setEditing(null)}
    />
  );
  return (
    <>
      <PageHeader title={t('title')} about={t('about')}>
        <Actions onAdd={() => edit(null)} />
      </PageHeader>
      <div className={classes.columns}>
        <div className="stack">
          {editing?.mirror === null && form}
          <QueryView query={query}>
            {() =>
              items.length === 0 && editing === null ? (
                <EmptyState title={t('empty')}>{t('emptyHint')}</EmptyState>
              ) : (
                items.map((mirror) =>
                  mirror.id === editing?.mirror?.id ? (
                    <div key={mirror.id}>{form}</div>
                  ) : (
                    <MirrorCard
                      key={mirror.id}
                      mirror={mirror}
                      host={hosts[mirror.registry === '*' ? '_default' : mirror.registry]}
                      {...(mayWrite ? { onEdit: () => edit(mirror) } : {})}
                    />
                  ),
                )
              )
            }
          </QueryView>
          <TryImage image={image} onImage={setImage} format={format} draft={draft} />
        </div>
        <NodeConfigPane
          format={format}
          onFormat={(next) => void setFilters({ format: next })}
          draft={draft}
          onEdit={mayWrite ? editRegistry : undefined}
        />
      </div>
      {doomed !== null && (
        <MirrorRemoval
          mirror={doomed}
          mirrors={items}
          format={format}
          onDone={() => {
            setDoomed(null);
            setEditing(null);
          }}
          onClose={() => setDoomed(null)}
        />
      )}
    </>
  );
}
