'use client';

import { Button, FileButton } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { type DragEvent, useState } from 'react';
import { FormField } from '../../../components/form-field';
import classes from './registries.module.css';

interface KeyFacts {
  readonly client_email?: unknown;
  readonly type?: unknown;
}

/** Whose key it is, to recognise the right file; null when it is no service account key. */
function accountOf(text: string): string | null {
  try {
    const key: KeyFacts | null = JSON.parse(text);
    if (key?.type !== 'service_account' || typeof key.client_email !== 'string') return null;
    return key.client_email;
  } catch {
    return null;
  }
}

/** A Google service account key: chosen, dropped or pasted. */
export function JsonKeyField({
  value,
  onChange,
  error,
}: {
  value: string;
  onChange: (text: string) => void;
  error: string | undefined;
}) {
  const t = useTranslations('registries.form');
  const [isOver, setOver] = useState(false);
  const account = accountOf(value);
  const take = async (file: File | null | undefined) => {
    if (file) onChange(await file.text());
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files[0]);
  };
  const isWrong = value.trim() !== '' && account === null;
  return (
    <section
      className={`${classes.drop} ${classes.wide}`}
      aria-label={t('jsonKey')}
      data-over={isOver || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <FormField
        kind="area"
        label={t('jsonKey')}
        hint={t('jsonKeyHint')}
        placeholder='{"type": "service_account", …}'
        rows={3}
        mono
        error={error ?? (isWrong ? t('jsonKeyWrong') : undefined)}
        value={value}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
      <div className="row">
        <FileButton accept="application/json,.json" onChange={(file) => void take(file)}>
          {(props) => (
            <Button variant="default" {...props}>
              {t('chooseFile')}
            </Button>
          )}
        </FileButton>
        {account !== null && (
          <span className="dim" aria-live="polite">
            {t.rich('keyOf', { account: () => <span className="mono">{account}</span> })}
          </span>
        )}
      </div>
    </section>
  );
}
