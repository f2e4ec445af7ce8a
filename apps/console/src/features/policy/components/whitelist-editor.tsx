'use client';

import { Button } from '@mantine/core';
import type { Setting } from '@moorage/contract';
import { useTranslations } from 'next-intl';
import { type FormEvent, useEffect, useState } from 'react';
import { FormField } from '../../../components/form-field';
import { Notice } from '../../../components/notice';
import { CardHead } from './card-head';
import classes from './policy.module.css';
import type { SettingChanges } from './use-setting-change';
import {
  addEntries,
  type EntryRow,
  isSameValue,
  judgeRows,
  newRow,
  rowsOfSetting,
  type ShownEntry,
  splitEntries,
  valueOfRows,
} from './whitelist-draft';
import { type EditRows, EntryFieldsRow } from './whitelist-rows';

interface EditorProps {
  readonly setting: Setting;
  /** what is stored here, or what is inherited and can be narrowed */
  readonly startFrom: string;
  /** as they count now */
  readonly entries: readonly ShownEntry[];
  readonly changes: SettingChanges;
  readonly onClose: () => void;
}

/** Entries that the installation does not grant are refused with any change; one click leaves them out. */
function Overruled({ entries, onKeep }: Pick<EditorProps, 'entries'> & { onKeep: () => void }) {
  const t = useTranslations('policy.overruled');
  const beyond = entries.filter(({ overruled }) => overruled !== null);
  if (beyond.length === 0) return null;
  return (
    <Notice tone="warn">
      <span>{t('inList', { count: beyond.length })}</span>
      <div>
        <Button variant="default" size="compact-sm" onClick={onKeep}>
          {t('keepWhatCounts')}
        </Button>
      </div>
    </Notice>
  );
}

/** Somebody else stored another list while this one was edited: what was typed stays, and that is said. */
function Overtaken({ onTake }: { onTake: () => void }) {
  const t = useTranslations('policy.whitelist');
  return (
    <Notice tone="warn">
      <span>{t('overtaken')}</span>
      <div>
        <Button variant="default" size="compact-sm" onClick={onTake}>
          {t('takeStored')}
        </Button>
      </div>
    </Notice>
  );
}

function PasteField({ onTake }: { onTake: (entries: readonly string[]) => void }) {
  const t = useTranslations('policy.whitelist');
  const [text, setText] = useState('');
  const entries = splitEntries(text);
  return (
    <details>
      <summary>{t('pasteTitle')}</summary>
      <div className="stack">
        <FormField
          kind="area"
          label={t('pasteLabel')}
          hint={t('pasteHint')}
          placeholder="docker.io,quay.io,ghcr.io/acme"
          rows={3}
          mono
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
        <div>
          <Button
            variant="default"
            disabled={entries.length === 0}
            onClick={() => {
              onTake(entries);
              setText('');
            }}
          >
            {t('pasteAdd', { count: entries.length })}
          </Button>
        </div>
      </div>
    </details>
  );
}

function useDraft({ setting, startFrom }: Pick<EditorProps, 'setting' | 'startFrom'>) {
  const [rows, setRows] = useState<readonly EntryRow[]>(() => {
    const stored = rowsOfSetting(startFrom, setting.notes);
    return stored.length === 0 ? [newRow()] : stored;
  });
  const [newest, setNewest] = useState<string | null>(null);
  const [edit] = useState<EditRows>(() => ({
    change: (id, part) =>
      setRows((old) => old.map((row) => (row.id === id ? { ...row, ...part } : row))),
    remove: (id) => setRows((old) => old.filter((row) => row.id !== id)),
    take: (entries) => setRows((old) => addEntries(old, entries)),
  }));
  const judged = judgeRows(rows);
  const value = valueOfRows(judged);
  const stored = { value: setting.value ?? '', notes: setting.notes };
  const add = () => {
    const row = newRow();
    setNewest(row.id);
    setRows((old) => [...old, row]);
  };
  const keepWhatCounts = (entries: readonly ShownEntry[]) =>
    setRows(
      entries
        .filter(({ overruled, from }) => overruled === null && from !== 'default-registry')
        .map(({ entry, note }) => newRow(entry, note)),
    );
  const isStored = value !== null && isSameValue(value, stored);
  const isChanged = value !== null && !isStored;
  return { judged, newest, value, isStored, isChanged, edit, add, keepWhatCounts };
}

/** Whether another list is stored than at the start; closes the editor when it is this one. */
function useOvertaken({ version }: Setting, isStored: boolean, onClose: () => void): boolean {
  const [startedAt] = useState(version);
  const isOvertaken = version !== startedAt;
  const isDone = isOvertaken && isStored;
  useEffect(() => {
    if (isDone) onClose();
  }, [isDone, onClose]);
  return isOvertaken;
}

/** Entries as rows with a note each; a pasted list becomes rows. Stored only after its dry run. */
export function WhitelistEditor(props: EditorProps) {
  const { setting, entries, changes, onClose } = props;
  const t = useTranslations('policy');
  const tStates = useTranslations('states');
  const draft = useDraft(props);
  const isOvertaken = useOvertaken(setting, draft.isStored, onClose);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (draft.value !== null && draft.isChanged)
      changes.review({ name: setting.name, ...draft.value });
  };
  return (
    <form className="card" onSubmit={submit} aria-label={t('whitelist.title')}>
      <CardHead title={t('whitelist.title')} setting={setting} />
      <div className="pad stack">
        <p className="dim">{t('whitelist.editHint')}</p>
        {isOvertaken && <Overtaken onTake={onClose} />}
        <Overruled entries={entries} onKeep={() => draft.keepWhatCounts(entries)} />
        {draft.judged.length > 0 && (
          <ul className={classes.entryRows}>
            {draft.judged.map((row, index) => (
              <EntryFieldsRow
                key={row.id}
                row={row}
                number={index + 1}
                isNew={row.id === draft.newest}
                edit={draft.edit}
              />
            ))}
          </ul>
        )}
        <div>
          <Button variant="default" size="compact-sm" onClick={draft.add}>
            {t('whitelist.add')}
          </Button>
        </div>
        <PasteField onTake={draft.edit.take} />
        {draft.value?.value === '' && <p className="dim">{t('whitelist.emptied')}</p>}
        <div className="row">
          <Button type="submit" disabled={!draft.isChanged}>
            {t('review.open')}
          </Button>
          <Button variant="default" onClick={onClose}>
            {tStates('cancel')}
          </Button>
        </div>
      </div>
    </form>
  );
}
