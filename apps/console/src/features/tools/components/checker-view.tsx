'use client';

import { Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconLock } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useMemo, useRef, useState } from 'react';
import type { CodeEditorHandle, Marker } from '../../../components/code-editor';
import { DocumentEditor } from '../../../components/document-editor';
import { Notice } from '../../../components/notice';
import { PageHeader } from '../../../components/page-header';
import { StatusBadge } from '../../../components/status-badge';
import { type CoreState, useCoreAnswer } from '../../../lib/core/use-core-answer';
import { MAX_DOCUMENT_BYTES } from '../labels';
import { CheckedHosts } from './checked-hosts';
import { type CheckerDraft, checkOf, EMPTY_DRAFT, EXAMPLE } from './checker-draft';
import { CheckerOptions } from './checker-options';
import { FindingsList } from './findings-list';
import { PullPlanBox } from './pull-plan-box';
import classes from './tools.module.css';

/** A word that comes and goes with every key would only disturb. */
const SLOW_AFTER_MS = 700;
const NO_MARKERS: readonly Marker[] = [];

function Failure({ failure }: Pick<CoreState<'check'>, 'failure'>) {
  const t = useTranslations('checker');
  if (failure === null) return null;
  return (
    <Notice tone="bad">
      <span>{t(`failure.${failure}`)}</span>
    </Notice>
  );
}

function useChecker() {
  const [draft, setDraft] = useState<CheckerDraft>(EMPTY_DRAFT);
  const isEmpty = draft.document.trim() === '';
  const question = useMemo(() => (isEmpty ? null : checkOf(draft)), [draft, isEmpty]);
  const state = useCoreAnswer('check', question);
  const told = isEmpty ? null : state.told;
  return {
    draft,
    set: (change: Partial<CheckerDraft>) => setDraft((old) => ({ ...old, ...change })),
    isEmpty,
    state,
    report: told?.answer ?? null,
    checked: told?.question.document ?? '',
    isOld: told?.question.document !== draft.document,
  };
}

/** Left the file, right what is wrong with it and what a node makes of it. Nothing leaves the browser. */
export function CheckerView() {
  const t = useTranslations('checker');
  const { draft, set, isEmpty, state, report, checked, isOld } = useChecker();
  const [isSlow] = useDebouncedValue(state.isPending, SLOW_AFTER_MS);
  const editor = useRef<CodeEditorHandle>(null);
  return (
    <>
      <PageHeader title={t('title')} about={t('about')} />
      <p className={classes.private}>
        <IconLock size={14} aria-hidden />
        {t('stays')}
      </p>
      <div className={classes.columns}>
        <div className="stack">
          <CheckerOptions draft={draft} set={set} />
          <DocumentEditor
            title="registries.yaml"
            maxBytes={MAX_DOCUMENT_BYTES}
            value={draft.document}
            onChange={(document) => set({ document })}
            markers={report?.diagnostics ?? NO_MARKERS}
            placeholder={t('placeholder')}
            describedBy="findings"
            handle={editor}
            actions={
              <>
                {isSlow && <StatusBadge tone="wait">{t('checking')}</StatusBadge>}
                {isEmpty && (
                  <Button variant="default" onClick={() => set({ document: EXAMPLE })}>
                    {t('example')}
                  </Button>
                )}
              </>
            }
          />
          <Failure failure={state.failure} />
        </div>
        <div className="stack">
          <FindingsList
            document={checked}
            report={report}
            isOld={isOld}
            onGo={(finding) => editor.current?.goTo(finding)}
            onFix={({ from, to, text }) => editor.current?.replace(from, to, text)}
          />
          <PullPlanBox draft={draft} />
          <CheckedHosts
            hosts={report?.hosts ?? {}}
            count={report?.hostCount ?? 0}
            isEmpty={isEmpty}
          />
        </div>
      </div>
    </>
  );
}
