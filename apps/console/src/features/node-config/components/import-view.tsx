'use client';

import { Button } from '@mantine/core';
import type { NodeConfigImportReport } from '@moorage/contract';
import { useTranslations } from 'next-intl';
import { useMemo, useRef, useState } from 'react';
import { BackLink } from '../../../components/back-link';
import type { CodeEditorHandle } from '../../../components/code-editor';
import { DocumentEditor } from '../../../components/document-editor';
import { FormField } from '../../../components/form-field';
import { LinkButton } from '../../../components/link-button';
import { Notice } from '../../../components/notice';
import { PageHeader } from '../../../components/page-header';
import { ProblemNotice } from '../../../components/problem-notice';
import { EmptyState } from '../../../components/states';
import { useCoreAnswer } from '../../../lib/core/use-core-answer';
import { useEnvironment } from '../../../lib/session-context';
import { useAction } from '../../../lib/use-action';
import { applyImport, type ImportInput, planImport } from '../actions';
import { MAX_DOCUMENT_BYTES } from '../labels';
import { ImportReport } from './import-report';
import classes from './node-config.module.css';

const CHANGED = ['registries', 'credentials', 'mirrors'] as const;

/** The text lives in memory alone; a plan holds for the text it was made for. */
function useImport(env: string) {
  const [input, setInput] = useState<ImportInput>({ document: '', distribution: 'k3s' });
  const [report, setReport] = useState<NodeConfigImportReport | null>(null);
  const plan = useAction(planImport, []);
  const apply = useAction(applyImport, CHANGED);
  const set = (change: Partial<ImportInput>) => {
    setInput((old) => ({ ...old, ...change }));
    setReport(null);
  };
  const run = async (action: typeof plan) => {
    const outcome = await action.run(env, input);
    if (outcome.ok) setReport(outcome.value);
    // What was stored is not kept here a moment longer.
    if (outcome.ok && outcome.value.applied) setInput((old) => ({ ...old, document: '' }));
  };
  return {
    input,
    set,
    report,
    error: plan.error ?? apply.error,
    isPlanning: plan.pending,
    isApplying: apply.pending,
    plan: () => void run(plan),
    apply: () => void run(apply),
  };
}

interface NextProps {
  readonly state: ReturnType<typeof useImport>;
  readonly env: string;
  readonly onGo: (place: { readonly line: number; readonly column: number }) => void;
}

function Next({ state, env, onGo }: NextProps) {
  const t = useTranslations('nodeImport');
  const { report, isApplying, apply } = state;
  if (report === null) return <EmptyState title={t('empty')}>{t('emptyHint')}</EmptyState>;
  return (
    <>
      {report.applied && (
        <Notice tone="info">
          <strong>{t('done')}</strong>
          <span className="row">
            <LinkButton variant="default" href={`/e/${env}/mirrors`}>
              {t('toMirrors')}
            </LinkButton>
          </span>
        </Notice>
      )}
      <ImportReport report={report} onGo={onGo} />
      {!report.applied && (
        <div className="row">
          <Button onClick={apply} loading={isApplying}>
            {t('apply')}
          </Button>
          <span className="dim grow">{t('applyHint')}</span>
        </div>
      )}
    </>
  );
}

/** An existing file becomes registries, credentials and mirrors, after a dry run that hides nothing. */
function ImportDesk({ env }: { env: string }) {
  const t = useTranslations('nodeImport');
  const state = useImport(env);
  const { input, set } = state;
  const editor = useRef<CodeEditorHandle>(null);
  const { document, distribution } = input;
  const isEmpty = document.trim() === '';
  const question = useMemo(
    () => (isEmpty ? null : { document, distribution }),
    [document, distribution, isEmpty],
  );
  const { told } = useCoreAnswer('check', question);
  return (
    <div className={classes.columns}>
      <div className="stack">
        <DocumentEditor
          title="registries.yaml"
          maxBytes={MAX_DOCUMENT_BYTES}
          value={document}
          onChange={(text) => set({ document: text })}
          markers={isEmpty ? [] : (told?.answer.diagnostics ?? [])}
          placeholder={t('placeholder')}
          handle={editor}
        />
        <div className="row">
          <FormField
            kind="choice"
            label={t('distribution')}
            isLabelHidden
            choices={[
              { value: 'k3s', label: 'K3s' },
              { value: 'rke2', label: 'RKE2' },
            ]}
            value={distribution}
            onChange={({ currentTarget }) =>
              set({ distribution: currentTarget.value === 'rke2' ? 'rke2' : 'k3s' })
            }
          />
          <Button onClick={state.plan} loading={state.isPlanning} disabled={isEmpty}>
            {t('plan')}
          </Button>
        </div>
        <p className="dim">{t('sent')}</p>
      </div>
      <div className="stack">
        {state.error !== null && <ProblemNotice error={state.error} />}
        <Next state={state} env={env} onGo={(place) => editor.current?.goTo(place)} />
      </div>
    </div>
  );
}

export function ImportView() {
  const t = useTranslations('nodeImport');
  const states = useTranslations('states');
  const { env, can } = useEnvironment();
  return (
    <>
      <BackLink href={`/e/${env}/mirrors`}>{t('back')}</BackLink>
      <PageHeader title={t('title')} about={t('about')} />
      {can('registries:write') ? (
        <ImportDesk env={env} />
      ) : (
        <EmptyState title={states('forbidden')}>{states('forbiddenHint')}</EmptyState>
      )}
    </>
  );
}
