'use client';

import { Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { Mirror } from '@moorage/contract';
import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { useQueryStates } from 'nuqs';
import { type ReactNode, useMemo, useState } from 'react';
import { LinkButton } from '../../../components/link-button';
import { PageHeader } from '../../../components/page-header';
import { EmptyState, QueryView } from '../../../components/states';
import type { CoreAnswer } from '../../../lib/core/core-answers';
import { useCoreAnswer } from '../../../lib/core/use-core-answer';
import type { NodeFormat } from '../../../lib/node-formats';
import { useEnvironment } from '../../../lib/session-context';
import { sourceOf } from '../labels';
import { mirrorFilters, mirrorsOf } from '../loaders';
import { MirrorCard } from './mirror-card';
import { type Editing, mirrorsAfterSaving, startOfMirror } from './mirror-draft';
import classes from './mirrors.module.css';
import type { MirrorRemedies } from './node-config-findings';
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

function Actions({ onAdd }: { onAdd: (() => void) | undefined }) {
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
      {mayWrite && (
        <Button onClick={onAdd} disabled={onAdd === undefined}>
          {t('add')}
        </Button>
      )}
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
  const yaml = sourceOf(format)?.yaml ?? null;
  const { stored } = useNodeConfig(env, yaml ?? 'k3s-registries.yaml', null);
  const document = stored.data?.files.find(({ path }) =>
    path.endsWith('/registries.yaml'),
  )?.content;
  const distribution = yaml === 'rke2-registries.yaml' ? 'rke2' : 'k3s';
  const question = useMemo(
    () => (document === undefined ? null : ({ document, distribution } as const)),
    [document, distribution],
  );
  const { told } = useCoreAnswer('check', question);
  // Other engines than containerd have another order and other logins.
  return (yaml === null ? null : told?.answer.hosts) ?? NO_HOSTS;
}

/** What is shown, what is edited, and what nodes would read with it. */
function useMirrorsPage() {
  const { env, can } = useEnvironment();
  const [{ format }, setFilters] = useQueryStates(mirrorFilters);
  const query = useQuery(mirrorsOf(env));
  const items = query.data?.items ?? NO_MIRRORS;
  const { editing, setEditing, draft } = useEditing(items);
  const [lastEdited, setLastEdited] = useState<string | null>(null);
  const [image, setImage] = useState(FIRST_IMAGE);
  const { preview } = useNodeConfig(env, format, draft);
  const edit = (mirror: Mirror | null) => {
    setLastEdited(mirror?.id ?? null);
    setEditing({ mirror, draft: startOfMirror(mirror) });
  };
  return {
    query,
    items,
    format,
    setFormat: (next: NodeFormat) => void setFilters({ format: next }),
    image,
    setImage,
    editing,
    setEditing,
    draft,
    lastEdited,
    costs: preview?.data ?? null,
    hosts: useStoredHosts(env, format),
    // One at a time, so that a draft is never lost to a click on another card.
    edit: can('registries:write') && editing === null ? edit : undefined,
  };
}

type Page = ReturnType<typeof useMirrorsPage>;

/** A finding is mended in the form that is open, or in one that is opened for it; never behind another. */
function remediesOf({ items, edit, editing, setEditing }: Page): MirrorRemedies {
  const mirrorOf = (registry: string) => items.find((each) => each.registry === registry);
  return {
    onEdit:
      edit === undefined
        ? undefined
        : (registry) => {
            const mirror = mirrorOf(registry);
            if (mirror !== undefined) edit(mirror);
          },
    fixerOf({ registry, apply }) {
      if (editing !== null) {
        return editing.draft.registry.trim() === registry
          ? () => setEditing({ ...editing, draft: apply(editing.draft) })
          : undefined;
      }
      const mirror = mirrorOf(registry);
      if (edit === undefined || mirror === undefined) return undefined;
      return () => setEditing({ mirror, draft: apply(startOfMirror(mirror)) });
    },
  };
}

function Form({ page, onDelete }: { page: Page; onDelete: (mirror: Mirror) => void }) {
  const { editing, setEditing, image, costs } = page;
  if (editing === null) return null;
  const { mirror } = editing;
  return (
    <MirrorForm
      key={mirror?.id ?? 'new'}
      editing={editing}
      image={image}
      costs={costs}
      onChange={(draft) => setEditing({ mirror, draft })}
      onDelete={() => mirror !== null && onDelete(mirror)}
      onClose={() => setEditing(null)}
    />
  );
}

function Mirrors({ page, form }: { page: Page; form: ReactNode }) {
  const t = useTranslations('mirrors');
  const { items, editing, hosts, lastEdited, edit } = page;
  if (items.length === 0 && editing === null) {
    return <EmptyState title={t('empty')}>{t('emptyHint')}</EmptyState>;
  }
  return items.map((mirror) =>
    mirror.id === editing?.mirror?.id ? (
      <div key={mirror.id}>{form}</div>
    ) : (
      <MirrorCard
        key={mirror.id}
        mirror={mirror}
        host={hosts[mirror.registry === '*' ? '_default' : mirror.registry]}
        isReturned={mirror.id === lastEdited}
        onEdit={edit === undefined ? undefined : () => edit(mirror)}
      />
    ),
  );
}

/** Left what is set, right the file that nodes read: the same document twice, also while it is typed. */
export function MirrorsView() {
  const t = useTranslations('mirrors');
  const page = useMirrorsPage();
  const [doomed, setDoomed] = useState<Mirror | null>(null);
  const { query, items, edit, editing, format, draft } = page;
  const form = <Form page={page} onDelete={setDoomed} />;
  return (
    <>
      <PageHeader title={t('title')} about={t('about')}>
        <Actions onAdd={edit === undefined ? undefined : () => edit(null)} />
      </PageHeader>
      <div className={classes.columns}>
        <div className="stack">
          {editing?.mirror === null && form}
          <QueryView query={query}>{() => <Mirrors page={page} form={form} />}</QueryView>
          <TryImage image={page.image} onImage={page.setImage} format={format} draft={draft} />
        </div>
        <NodeConfigPane
          format={format}
          onFormat={page.setFormat}
          draft={draft}
          remedies={remediesOf(page)}
        />
      </div>
      {doomed !== null && (
        <MirrorRemoval
          mirror={doomed}
          mirrors={items}
          format={format}
          onDone={() => {
            setDoomed(null);
            page.setEditing(null);
          }}
          onClose={() => setDoomed(null)}
        />
      )}
    </>
  );
}
