'use client';

import { ActionIcon, Button } from '@mantine/core';
import type { Mirror } from '@moorage/contract';
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { FormField } from '../../../components/form-field';
import { ProblemNotice } from '../../../components/problem-notice';
import { useProblemText } from '../../../lib/problem-text';
import { useEnvironment } from '../../../lib/session-context';
import { useAction } from '../../../lib/use-action';
import { addMirror, changeMirror, deleteMirror } from '../actions';
import { emptyRow, type MirrorDraft, startOfMirror } from './mirror-draft';
import classes from './mirrors.module.css';
import { RewriteRows } from './rewrite-rows';

interface FormProps {
  /** null = a new one */
  readonly mirror: Mirror | null;
  readonly count: number;
  readonly onClose: () => void;
}

function inputOf({ endpoints, rewrites }: MirrorDraft) {
  return {
    endpoints: endpoints.map(({ url }) => url.trim()).filter((url) => url !== ''),
    rewrites: rewrites
      .filter(({ pattern }) => pattern !== '')
      .map(({ pattern, replacement }) => ({ pattern, replacement })),
  };
}

function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const item = list[from];
  return item === undefined ? [...list] : list.toSpliced(from, 1).toSpliced(to, 0, item);
}

interface EndpointRowsProps {
  readonly draft: MirrorDraft;
  readonly set: (change: Partial<MirrorDraft>) => void;
  readonly fieldErrors: Readonly<Record<string, string>>;
}

function EndpointRows({ draft, set, fieldErrors }: EndpointRowsProps) {
  const t = useTranslations('mirrors');
  const { endpoints } = draft;
  const put = (next: MirrorDraft['endpoints']) => set({ endpoints: next });
  return (
    <fieldset className="stack-tight">
      <legend className="dim">{t('endpoints')}</legend>
      {endpoints.map((row, index) => (
        <div key={row.id} className={classes.endpoint}>
          <FormField
            label={t('endpoint', { number: index + 1 })}
            isLabelHidden
            placeholder="https://mirror.example.com"
            mono
            error={fieldErrors[`endpoints.${index}`]}
            value={row.url}
            onChange={({ currentTarget }) =>
              put(endpoints.with(index, { ...row, url: currentTarget.value }))
            }
          />
          <ActionIcon
            variant="default"
            aria-label={t('up', { number: index + 1 })}
            disabled={index === 0}
            onClick={() => put(moved(endpoints, index, index - 1))}
          >
            <IconArrowUp size={14} aria-hidden />
          </ActionIcon>
          <ActionIcon
            variant="default"
            aria-label={t('down', { number: index + 1 })}
            disabled={index === endpoints.length - 1}
            onClick={() => put(moved(endpoints, index, index + 1))}
          >
            <IconArrowDown size={14} aria-hidden />
          </ActionIcon>
          <ActionIcon
            variant="default"
            aria-label={t('removeEndpoint', { number: index + 1 })}
            onClick={() => put(endpoints.toSpliced(index, 1))}
          >
            <IconX size={14} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      <div>
        <Button
          variant="default"
          size="compact-sm"
          onClick={() => put([...endpoints, { ...emptyRow(), url: '' }])}
        >
          {t('addEndpoint')}
        </Button>
      </div>
    </fieldset>
  );
}

function useMirrorForm({ mirror, onClose }: FormProps) {
  const { env } = useEnvironment();
  const [draft, setDraft] = useState(() => startOfMirror(mirror));
  const save = useAction(async () => {
    const input = inputOf(draft);
    if (mirror === null) await addMirror(env, { registry: draft.registry.trim(), ...input });
    else await changeMirror(env, mirror, input);
  }, ['mirrors']);
  const remove = useAction(deleteMirror, ['mirrors']);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const outcome = await save.run();
    if (outcome.ok) onClose();
  };
  const drop = async () => {
    if (mirror === null) return;
    const outcome = await remove.run(env, mirror);
    if (outcome.ok) onClose();
  };
  const set = (change: Partial<MirrorDraft>) => setDraft((old) => ({ ...old, ...change }));
  return { draft, set, submit, drop, pending: save.pending, error: save.error ?? remove.error };
}

/** Ordered endpoints and rewrites of one registry, edited in place beside the file that they make. */
export function MirrorForm(props: FormProps) {
  const { mirror, onClose } = props;
  const t = useTranslations('mirrors');
  const { draft, set, submit, drop, pending, error } = useMirrorForm(props);
  const { fields } = useProblemText()(error);
  return (
    <form className="card pad stack" onSubmit={(event) => void submit(event)}>
      {error !== null && <ProblemNotice error={error} />}
      <FormField
        label={t('registry')}
        hint={t('registryHint')}
        placeholder="docker.io"
        mono
        required
        disabled={mirror !== null}
        error={fields.registry}
        value={draft.registry}
        onChange={({ currentTarget }) => set({ registry: currentTarget.value })}
      />
      <EndpointRows draft={draft} set={set} fieldErrors={fields} />
      <RewriteRows rewrites={draft.rewrites} onChange={(rewrites) => set({ rewrites })} />
      <div className="row">
        <Button type="submit" loading={pending}>
          {t(mirror === null ? 'add' : 'save')}
        </Button>
        <Button variant="default" onClick={onClose}>
          {t('cancel')}
        </Button>
        {mirror !== null && (
          <Button variant="default" c="var(--bad)" className="push" onClick={() => void drop()}>
            {t('delete')}
          </Button>
        )}
      </div>
    </form>
  );
}
