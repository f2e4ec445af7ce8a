'use client';

import type { NodeConfig } from '@moorage/contract';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useQueryStates } from 'nuqs';
import { CopyButton } from '../../../components/copy-button';
import { FormField } from '../../../components/form-field';
import { QueryView } from '../../../components/states';
import { StatusBadge, Tag } from '../../../components/status-badge';
import { useEnvironment } from '../../../lib/session-context';
import { FORMAT_NAMES, RESTART_TONES, SEVERITY_TONES } from '../labels';
import { mirrorFilters, nodeConfigOf, nodeFormats } from '../loaders';
import { useFindingText } from './finding-text';
import classes from './mirrors.module.css';

type Diagnostic = NodeConfig['diagnostics'][number];

function FileText({
  content,
  diagnostics,
  label,
}: {
  content: string;
  diagnostics: readonly Diagnostic[];
  label: string;
}) {
  const lines = content.replace(/\n$/, '').split('\n');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard
    <section className={`mono ${classes.file}`} tabIndex={0} aria-label={label}>
      <ol>
        {lines.map((line, index) => (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number
            key={index}
            data-severity={diagnostics.find((each) => each.line === index + 1)?.severity}
          >
            <span>{line}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Finding({ diagnostic }: { diagnostic: Diagnostic }) {
  const t = useTranslations('mirrors');
  const tone = SEVERITY_TONES[diagnostic.severity];
  const { sentence, about, suggestion } = useFindingText()({
    ...diagnostic,
    text: diagnostic.message,
  });
  return (
    <div className={classes.finding} data-tone={tone}>
      <div className="row">
        <StatusBadge tone={tone}>
          {diagnostic.line === null ? t('file') : t('line', { line: diagnostic.line })}
        </StatusBadge>
        <span className="grow">{sentence}</span>
      </div>
      {about !== null && <span className="dim mono">{about}</span>}
      {suggestion !== null && (
        <span className="dim">
          {t('suggestion')} <span className="mono">{suggestion}</span>
        </span>
      )}
    </div>
  );
}

function NotOnNodes({ code, detail }: NodeConfig['notExpressible'][number]) {
  const t = useTranslations('mirrors');
  const { sentence, about } = useFindingText()({
    code,
    text: detail,
    path: null,
    suggestion: null,
  });
  return (
    <div className={classes.finding} data-tone="warn">
      <div className="row">
        <StatusBadge tone="warn">{t('notExpressible')}</StatusBadge>
        <span className="grow">{sentence}</span>
      </div>
      {about !== null && <span className="dim mono">{about}</span>}
    </div>
  );
}

function Cost({ restart }: Pick<NodeConfig, 'restart'>) {
  const t = useTranslations('mirrors');
  return (
    <div className={classes.finding} data-tone={RESTART_TONES[restart]}>
      <div className="row">
        <StatusBadge tone={RESTART_TONES[restart]}>{t('restart.cost')}</StatusBadge>
        <strong>{t(`restart.${restart}`)}</strong>
      </div>
      <span className="dim">{t(`restart.${restart}Hint`)}</span>
    </div>
  );
}

function Result({ config }: { config: NodeConfig }) {
  const t = useTranslations('mirrors');
  return (
    <>
      {config.files.map(({ path, content }) => (
        <div key={path}>
          <div className={classes.cardHead}>
            <h3 className="mono">{path}</h3>
            {config.secrets === 'masked' && <Tag>{t('secretsHidden')}</Tag>}
            <span className="push" />
            <CopyButton text={content} />
          </div>
          <FileText content={content} diagnostics={config.diagnostics} label={path} />
        </div>
      ))}
      {config.diagnostics.map((diagnostic) => (
        <Finding
          key={`${diagnostic.code}/${diagnostic.path}/${diagnostic.line}`}
          diagnostic={diagnostic}
        />
      ))}
      {config.notExpressible.map((each) => (
        <NotOnNodes key={`${each.code}${each.detail}`} {...each} />
      ))}
      <Cost restart={config.restart} />
    </>
  );
}

/** The file that nodes read, made from what is on the left; secrets stay hidden. */
export function NodeConfigPane() {
  const t = useTranslations('mirrors');
  const { env } = useEnvironment();
  const [{ format }, setFilters] = useQueryStates(mirrorFilters);
  const query = useQuery({ ...nodeConfigOf(env, format), placeholderData: keepPreviousData });
  return (
    <section className={`card ${classes.pane}`} aria-label={t('result')}>
      <div className={classes.cardHead}>
        <h2>{t('result')}</h2>
        <span className="push" />
        <FormField
          kind="choice"
          label={t('format')}
          isLabelHidden
          choices={nodeFormats.map((value) => ({ value, label: FORMAT_NAMES[value] }))}
          value={format}
          onChange={({ currentTarget }) =>
            void setFilters({
              format: nodeFormats.find((each) => each === currentTarget.value) ?? null,
            })
          }
        />
      </div>
      <QueryView query={query}>{(config) => <Result config={config} />}</QueryView>
    </section>
  );
}
