'use client';

import type { NodeConfig, NodeConfigPreview } from '@moorage/contract';
import { useTranslations } from 'next-intl';
import { COST_TONES } from '../../../components/change-cost';
import { CodeLines } from '../../../components/code-lines';
import { CopyButton } from '../../../components/copy-button';
import { DownloadButton } from '../../../components/download-button';
import { FormField } from '../../../components/form-field';
import { ProblemNotice } from '../../../components/problem-notice';
import { QueryView } from '../../../components/states';
import { StatusBadge, Tag } from '../../../components/status-badge';
import { NODE_FORMAT_NAMES, type NodeFormat, nodeFormats } from '../../../lib/node-formats';
import { useEnvironment } from '../../../lib/session-context';
import type { DraftMirrors } from '../loaders';
import classes from './mirrors.module.css';
import { type MirrorRemedies, NodeConfigFindings, placedFindings } from './node-config-findings';
import { useNodeConfig } from './use-node-config';

interface PaneProps {
  readonly format: NodeFormat;
  readonly onFormat: (format: NodeFormat) => void;
  /** all mirrors as they would be; null = nothing is being changed */
  readonly draft: DraftMirrors | null;
  readonly remedies: MirrorRemedies;
}

function FileView({
  config,
  file,
  changes,
}: {
  config: NodeConfig;
  file: NodeConfig['files'][number];
  changes: NodeConfigPreview['changedFiles'];
}) {
  const t = useTranslations('mirrors');
  const { path, content } = file;
  const change = changes.find((each) => each.path === path)?.change;
  const isMain = path.endsWith('/registries.yaml');
  return (
    <div>
      <div className={classes.fileHead}>
        <div className="row grow">
          <h3 className="mono">{path}</h3>
          {change !== undefined && <StatusBadge tone="warn">{t(`change.${change}`)}</StatusBadge>}
          {config.secrets === 'masked' && content.includes('••••') && (
            <Tag>{t('secretsHidden')}</Tag>
          )}
        </div>
        <CopyButton text={content} />
        <DownloadButton name={path.split('/').at(-1) ?? path} text={content} />
      </div>
      <CodeLines
        label={path}
        content={content}
        {...(isMain ? { marked: placedFindings(config) } : {})}
      />
    </div>
  );
}

function Removed({ changes }: { changes: NodeConfigPreview['changedFiles'] }) {
  const t = useTranslations('mirrors');
  return changes
    .filter(({ change }) => change === 'removed')
    .map(({ path }) => (
      <div key={path} className={classes.cardHead}>
        <h3 className="mono">{path}</h3>
        <StatusBadge tone="warn">{t('change.removed')}</StatusBadge>
      </div>
    ));
}

/** What applies the files on a node that has none yet. */
function Application({ restart }: Pick<NodeConfig, 'restart'>) {
  const t = useTranslations('mirrors');
  return (
    <div className={classes.application} data-tone={COST_TONES[restart]}>
      <div className="row">
        <StatusBadge tone={COST_TONES[restart]}>{t('restart.cost')}</StatusBadge>
        <strong>{t(`restart.${restart}`)}</strong>
      </div>
      <span className="dim">{t(`restart.${restart}Hint`)}</span>
    </div>
  );
}

function Result({
  config,
  changes,
  remedies,
}: { config: NodeConfig; changes: NodeConfigPreview['changedFiles'] } & Pick<
  PaneProps,
  'remedies'
>) {
  const t = useTranslations('mirrors');
  return (
    <>
      {config.files.length === 0 && <p className="dim pad">{t('noFiles')}</p>}
      {config.files.map((file) => (
        <FileView key={file.path} config={config} file={file} changes={changes} />
      ))}
      <Removed changes={changes} />
      <NodeConfigFindings config={config} remedies={remedies} />
    </>
  );
}

/** The file that nodes read or would read, made from what is on the left; secrets stay hidden. */
export function NodeConfigPane({ format, onFormat, draft, remedies }: PaneProps) {
  const t = useTranslations('mirrors');
  const { env } = useEnvironment();
  const { stored, preview } = useNodeConfig(env, format, draft);
  return (
    <section className={`card ${classes.pane}`} aria-label={t('result')}>
      <div className={classes.cardHead}>
        <h2>{t('result')}</h2>
        {preview !== null && <StatusBadge tone="wait">{t('preview')}</StatusBadge>}
        <span className="push" />
        <div className={classes.format}>
          <FormField
            kind="choice"
            label={t('format')}
            isLabelHidden
            choices={nodeFormats.map((value) => ({ value, label: NODE_FORMAT_NAMES[value] }))}
            value={format}
            onChange={({ currentTarget }) =>
              onFormat(
                nodeFormats.find((each) => each === currentTarget.value) ?? 'k3s-registries.yaml',
              )
            }
          />
        </div>
      </div>
      {preview?.error != null && <ProblemNotice error={preview.error} />}
      {preview?.data === undefined ? (
        <QueryView query={stored}>
          {(config) => (
            <>
              <Result config={config} changes={[]} remedies={remedies} />
              <Application restart={config.restart} />
            </>
          )}
        </QueryView>
      ) : (
        <Result config={preview.data} changes={preview.data.changedFiles} remedies={remedies} />
      )}
    </section>
  );
}
