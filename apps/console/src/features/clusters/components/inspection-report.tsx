'use client';

import type { KubeconfigInspection } from '@moorage/contract';
import { useLocale, useTranslations } from 'next-intl';
import { CopyButton } from '../../../components/copy-button';
import { FormField } from '../../../components/form-field';
import { Notice } from '../../../components/notice';
import { StatusBadge } from '../../../components/status-badge';

/** What a kubeconfig holds; and if it cannot be used, why, with a way out. */
export function InspectionReport({
  inspection,
  onContext,
}: {
  inspection: KubeconfigInspection;
  onContext: (context: string) => void;
}) {
  const t = useTranslations('clusters.access');
  const tErrors = useTranslations('errors');
  const locale = useLocale();
  const { contexts, context, server, accessKind, problem } = inspection;
  return (
    <div className="stack" aria-live="polite">
      {contexts.length > 1 && (
        <FormField
          kind="choice"
          label={t('context')}
          choices={contexts.map((value) => ({ value, label: value }))}
          value={context ?? contexts[0] ?? ''}
          onChange={({ currentTarget }) => onContext(currentTarget.value)}
        />
      )}
      {problem === null ? (
        <div className="row">
          <StatusBadge tone="ok">{t('usable')}</StatusBadge>
          <span className="mono">{server}</span>
          {accessKind !== null && <span className="dim">{t(`kind.${accessKind}`)}</span>}
        </div>
      ) : (
        <Notice tone="bad">
          <strong>{tErrors.has(problem.code) ? tErrors(problem.code) : t('unusable')}</strong>
          {(locale === 'en' || !tErrors.has(problem.code)) && <span>{problem.detail}</span>}
          {problem.snippet !== null && (
            <>
              <span>{t('snippet')}</span>
              <pre className="code">{problem.snippet}</pre>
              <div>
                <CopyButton text={problem.snippet} />
              </div>
            </>
          )}
        </Notice>
      )}
    </div>
  );
}
