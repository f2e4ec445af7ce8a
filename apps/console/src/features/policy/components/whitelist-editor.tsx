'use client';

import { ActionIcon, Button } from '@mantine/core';
import type { Setting } from '@moorage/contract';
import { IconX } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { type ClipboardEvent, type FormEvent, useState } from 'react';
import { FormField } from '../../../components/form-field';
import { useCodeText } from '../../../lib/problem-text';
import { CardHead } from './card-head';
import classes from './policy.module.css';
import type { SettingChanges } from './use-setting-change';
import {
  addEntries,
  type EntryRow,
  isSameValue,
  type JudgedRow,
  judgeRows,
  newRow,
  rowsOfSetting,
  splitEntries,
  valueOfRows,
} from './whitelist-draft';

interface EditorProps {
  readonly setting: Setting;
  /** what is stored here, or what is inherited and can be narrowed */
  readonly startFrom: string;
  readonly changes: SettingChanges;
  readonly onClose: () => void;
}

interface RowProps {
  readonly row: JudgedRow;
  readonly number: number;
  readonly isNew: boolean;
  readonly onChange: (change: Partial<EntryRow>) => void;
  readonly onPaste: (entries: readonly string[]) => void;
  readonly onRemove: () => void;
}

/** Under an entry: why it cannot be stored with what to write instead, or the form that is stored. */
function Judgement({ row, onTake }: { row: JudgedRow; onTake: (text: string) => void }) {
  const t = useTranslations('policy.whitelist');
  const textOf = useCodeText();
  const { error, canonical, isRepeated, text } = row;
  if (error !== null) {
    return (
      <span className={`row ${classes.error}`} role="alert">
        {textOf(error.code, error.detail)}
        {error.suggestion !== undefined && (
          <Button
            variant="default"
            size="compact-xs"
            onClick={() => onTake(error.suggestion ?? '')}
          >
            {t('take', { suggestion: error.suggestion })}
          </Button>
        )}
      </span>
    );
  }
  if (isRepeated) return <span className="dim">{t('repeated')}</span>;
  if (canonical === null || canonical === text.trim()) return null;
  return (
    <span className="dim">
      {t('storedAs')} <span className="mono">{canonical}</span>
    </span>
  );
}

function EntryFields({ row, number, isNew, onChange, onPaste, onRemove }: RowProps) {
  const t = useTranslations('policy.whitelist');
  const paste = (event: ClipboardEvent) => {
    const entries = splitEntries(event.clipboardData.getData('text'));
    if (entries.length < 2) return;
    event.preventDefault();
    onPaste(entries);
  };
  return (
    <li className={classes.entryRow} onPaste={paste}>
      <FormField
        label={t('entry', { number })}
        isLabelHidden
        placeholder="registry.example.com/team"
        mono
        autoFocus={isNew}
        error={row.error !== null}
        value={row.text}
        onChange={({ currentTarget }) => onChange({ text: currentTarget.value })}
      />
      <FormField
        label={t('note', { number })}
        isLabelHidden
        placeholder={t('notePlaceholder')}
        maxLength={500}
        value={row.note}
        onChange={({ currentTarget }) => onChange({ note: currentTarget.value })}
      />
      <ActionIcon
        variant="default"
        size={30}
        aria-label={t('remove', { number })}
        onClick={onRemove}
      >
        <IconX size={14} aria-hidden />
      </ActionIcon>
      <div className={classes.judgement}>
        <Judgement row={row} onTake={(text) => onChange({ text })} />
      </div>
    </li>
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
  const judged = judgeRows(rows);
  const value = valueOfRows(judged);
  const stored = { value: setting.value ?? '', notes: setting.notes };
  return {
    judged,
    newest,
    value,
    isChanged: value !== null && !isSameValue(value, stored),
    change: (id: string, part: Partial<EntryRow>) =>
      setRows((old) => old.map((row) => (row.id === id ? { ...row, ...part } : row))),
    remove: (id: string) => setRows((old) => old.filter((row) => row.id !== id)),
    take: (entries: readonly string[]) => setRows((old) => addEntries(old, entries)),
    add: () => {
      const row = newRow();
      setNewest(row.id);
      setRows((old) => [...old, row]);
    },
  };
}

/** Entries as rows with a note each; a pasted list becomes rows. Stored only after its dry run. */
export function WhitelistEditor(props: EditorProps) {
  const { setting, changes, onClose } = props;
  const t = useTranslations('policy');
  const tStates = useTranslations('states');
  const draft = useDraft(props);
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
        {draft.judged.length > 0 && (
          <ul className={classes.entryRows}>
            {draft.judged.map((row, index) => (
              <EntryFields
                key={row.id}
                row={row}
                number={index + 1}
                isNew={row.id === draft.newest}
                onChange={(change) => draft.change(row.id, change)}
                onPaste={draft.take}
                onRemove={() => draft.remove(row.id)}
              />
            ))}
          </ul>
        )}
        <div>
          <Button variant="default" size="compact-sm" onClick={draft.add}>
            {t('whitelist.add')}
          </Button>
        </div>
        <PasteField onTake={draft.take} />
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
