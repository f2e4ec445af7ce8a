'use client';

import { Button } from '@mantine/core';
import type { ImageListPlan } from '@moorage/contract';
import { useTranslations } from 'next-intl';
import { type FormEvent, useRef, useState } from 'react';
import { BackLink } from '../../../components/back-link';
import type { CodeEditorHandle } from '../../../components/code-editor';
import { DocumentEditor } from '../../../components/document-editor';
import { FormField } from '../../../components/form-field';
import { PageHeader } from '../../../components/page-header';
import { ProblemNotice } from '../../../components/problem-notice';
import { EmptyState } from '../../../components/states';
import { useProblemText } from '../../../lib/problem-text';
import { useEnvironment } from '../../../lib/session-context';
import { useAction } from '../../../lib/use-action';
import { planImageList } from '../actions';
import { MAX_DOCUMENT_BYTES } from '../labels';
import { ImageListResult } from './image-list-result';
import classes from './node-config.module.css';

/** A list such as k3s-images.txt becomes copies in a registry of one's own, and the mirrors to find them. */
export function ImageListView() {
  const t = useTranslations('imageList');
  const { env } = useEnvironment();
  const [document, setDocument] = useState('');
  const [target, setTarget] = useState('');
  const [plan, setPlan] = useState<ImageListPlan | null>(null);
  const editor = useRef<CodeEditorHandle>(null);
  const ask = useAction(planImageList, []);
  const { fields } = useProblemText()(ask.error);
  const isReady = document.trim() !== '' && target.trim() !== '';
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const outcome = await ask.run({ document, target: target.trim() });
    if (outcome.ok) setPlan(outcome.value);
  };
  const markers = (plan?.problems ?? []).map(({ line }) => ({
    line,
    column: 1,
    severity: 'error' as const,
  }));
  return (
    <>
      <BackLink href={`/e/${env}/mirrors`}>{t('back')}</BackLink>
      <PageHeader title={t('title')} about={t('about')} />
      <div className={classes.columns}>
        <form className="stack" onSubmit={(event) => void submit(event)}>
          <DocumentEditor
            title="k3s-images.txt"
            maxBytes={MAX_DOCUMENT_BYTES}
            value={document}
            onChange={(text) => {
              setDocument(text);
              setPlan(null);
            }}
            markers={markers}
            placeholder={t('placeholder')}
            handle={editor}
          />
          <FormField
            label={t('target')}
            hint={t('targetHint')}
            placeholder="harbor.example.com/mirror"
            mono
            maxLength={1000}
            error={fields.target}
            value={target}
            onChange={({ currentTarget }) => {
              setTarget(currentTarget.value);
              setPlan(null);
            }}
          />
          <div>
            <Button type="submit" loading={ask.pending} disabled={!isReady}>
              {t('plan')}
            </Button>
          </div>
        </form>
        <div className="stack">
          {ask.error !== null && <ProblemNotice error={ask.error} />}
          {plan === null ? (
            <EmptyState title={t('empty')}>{t('emptyHint')}</EmptyState>
          ) : (
            <ImageListResult
              plan={plan}
              onGo={(line) => editor.current?.goTo({ line, column: 1 })}
            />
          )}
        </div>
      </div>
    </>
  );
}
