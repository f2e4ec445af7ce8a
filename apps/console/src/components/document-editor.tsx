'use client';

import { Button } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { type ReactNode, type Ref, useRef, useState } from 'react';
import { CodeEditor, type CodeEditorHandle, type Marker } from './code-editor';
import classes from './document-editor.module.css';
import { Notice } from './notice';
import { type FileRefusal, readTextFile } from './text-file';

interface DocumentEditorProps {
  readonly title: string;
  readonly maxBytes: number;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly markers: readonly Marker[];
  readonly placeholder: string;
  readonly describedBy?: string;
  readonly handle?: Ref<CodeEditorHandle>;
  readonly actions?: ReactNode;
}

function Refusal({ refusal, maxBytes }: { refusal: FileRefusal; maxBytes: number }) {
  const t = useTranslations('documentEditor');
  const kib = (bytes: number) => Math.ceil(bytes / 1024);
  return (
    <div className={classes.refusal} role="alert">
      <Notice tone="bad">
        <strong>{t('refused', { name: refusal.name })}</strong>
        <span>
          {refusal.reason === 'too-large'
            ? t('tooLarge', { size: kib(refusal.sizeBytes), limit: kib(maxBytes) })
            : t(refusal.reason)}
        </span>
      </Notice>
    </div>
  );
}

/** A text to paste, type, open or drop; files that cannot be one are refused with the reason. */
export function DocumentEditor({ title, maxBytes, actions, ...editor }: DocumentEditorProps) {
  const t = useTranslations('documentEditor');
  const [refusal, setRefusal] = useState<FileRefusal | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const change = (value: string) => {
    setRefusal(null);
    editor.onChange(value);
  };
  const take = async (file: File | undefined) => {
    if (file === undefined) return;
    const read = await readTextFile(file, maxBytes);
    if (read.ok) change(read.text);
    else setRefusal(read.refusal);
  };
  return (
    <section className={`card ${classes.frame}`} aria-label={title}>
      <div className={classes.head}>
        <h2 className="mono">{title}</h2>
        <span className="push" />
        {actions}
        <input
          ref={input}
          type="file"
          hidden
          aria-label={t('open')}
          onChange={({ currentTarget }) => {
            void take(currentTarget.files?.[0]);
            currentTarget.value = '';
          }}
        />
        <Button variant="default" onClick={() => input.current?.click()}>
          {t('open')}
        </Button>
        <Button variant="default" disabled={editor.value === ''} onClick={() => change('')}>
          {t('clear')}
        </Button>
      </div>
      {refusal !== null && <Refusal refusal={refusal} maxBytes={maxBytes} />}
      <CodeEditor {...editor} label={title} onChange={change} onFile={(file) => void take(file)} />
    </section>
  );
}
