'use client';

import { ActionIcon, Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { type ClipboardEvent, memo } from 'react';
import { FormField } from '../../../components/form-field';
import { useCodeText } from '../../../lib/problem-text';
import classes from './policy.module.css';
import { type EntryRow, isSameRow, type JudgedRow, splitEntries } from './whitelist-draft';

/** Stays the same object, so that a key press draws one row and not two thousand. */
export interface EditRows {
  readonly change: (id: string, part: Partial<EntryRow>) => void;
  readonly remove: (id: string) => void;
  readonly take: (entries: readonly string[]) => void;
}

interface RowProps {
  readonly row: JudgedRow;
  readonly number: number;
  readonly isNew: boolean;
  readonly edit: EditRows;
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

function EntryFields({ row, number, isNew, edit }: RowProps) {
  const t = useTranslations('policy.whitelist');
  const paste = (event: ClipboardEvent) => {
    const entries = splitEntries(event.clipboardData.getData('text'));
    if (entries.length < 2) return;
    event.preventDefault();
    edit.take(entries);
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
        onChange={({ currentTarget }) => edit.change(row.id, { text: currentTarget.value })}
      />
      <FormField
        label={t('note', { number })}
        isLabelHidden
        placeholder={t('notePlaceholder')}
        maxLength={500}
        value={row.note}
        onChange={({ currentTarget }) => edit.change(row.id, { note: currentTarget.value })}
      />
      <ActionIcon
        variant="default"
        size={30}
        aria-label={t('remove', { number })}
        onClick={() => edit.remove(row.id)}
      >
        <IconX size={14} aria-hidden />
      </ActionIcon>
      <div className={classes.judgement}>
        <Judgement row={row} onTake={(text) => edit.change(row.id, { text })} />
      </div>
    </li>
  );
}

/** One entry with its note; drawn again only when something of it changed. */
export const EntryFieldsRow = memo(
  EntryFields,
  (before, after) =>
    before.number === after.number &&
    before.isNew === after.isNew &&
    before.edit === after.edit &&
    isSameRow(before.row, after.row),
);
