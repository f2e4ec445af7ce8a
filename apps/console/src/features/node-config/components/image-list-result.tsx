'use client';

import type { ImageListPlan } from '@moorage/contract';
import { useTranslations } from 'next-intl';
import { CodeLines } from '../../../components/code-lines';
import { CopyButton } from '../../../components/copy-button';
import { type Column, DataTable } from '../../../components/data-table';
import { DownloadButton } from '../../../components/download-button';
import { StatusBadge } from '../../../components/status-badge';
import { useCodeText } from '../../../lib/problem-text';
import { useEnvironment } from '../../../lib/session-context';
import { AddMirrors } from './add-mirrors';
import classes from './node-config.module.css';

type Image = ImageListPlan['images'][number];

/** Rows beyond this scroll by themselves, so that the script below stays in reach. */
const WINDOW_PX = 320;
const SCRIPT = 'copy-images.sh';

function useColumns(): readonly Column<Image>[] {
  const t = useTranslations('imageList');
  return [
    {
      id: 'source',
      header: t('source'),
      cell: ({ source }) => <span className="mono">{source}</span>,
    },
    { id: 'copy', header: t('copy'), cell: ({ target }) => <span className="mono">{target}</span> },
  ];
}

function Problems({ plan, onGo }: { plan: ImageListPlan; onGo: (line: number) => void }) {
  const t = useTranslations('imageList');
  const say = useCodeText();
  if (plan.problems.length === 0) return null;
  return (
    <section className="card" aria-label={t('problems')}>
      <div className={classes.head}>
        <h2>{t('problems')}</h2>
        <span className="dim">{plan.problems.length}</span>
      </div>
      <ul>
        {plan.problems.map(({ line, text, code, detail }) => (
          <li key={line} className={classes.row}>
            <button type="button" className={classes.line} onClick={() => onGo(line)}>
              <StatusBadge tone="bad">{t('line', { line })}</StatusBadge>
            </button>
            <div className="two-lines grow">
              <span className="mono">{text}</span>
              <small>{say(code, detail)}</small>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Script({ script }: Pick<ImageListPlan, 'script'>) {
  const t = useTranslations('imageList');
  return (
    <section className="card" aria-labelledby="copy-script">
      <div className={classes.head}>
        <h2 id="copy-script">{t('script')}</h2>
        <span className="dim grow">{t('scriptHint')}</span>
        <CopyButton text={script} />
        <DownloadButton name={SCRIPT} text={script} />
      </div>
      <CodeLines label={SCRIPT} content={script} />
    </section>
  );
}

/** Where each image goes, what cannot go, how it is copied, and how nodes find the copies. */
export function ImageListResult({
  plan,
  onGo,
}: {
  plan: ImageListPlan;
  onGo: (line: number) => void;
}) {
  const t = useTranslations('imageList');
  const { can } = useEnvironment();
  const columns = useColumns();
  return (
    <>
      <p role="status">
        {t('summary', { images: plan.images.length, duplicates: plan.duplicates })}
      </p>
      <Problems plan={plan} onGo={onGo} />
      {plan.images.length > 0 && (
        <>
          <DataTable
            label={t('images')}
            columns={columns}
            rows={plan.images}
            rowId={({ line }) => `${line}`}
            {...(plan.images.length > 9 ? { windowHeight: WINDOW_PX } : {})}
          />
          <AddMirrors mirrors={plan.mirrors} mayAdd={can('registries:write')} />
          <Script script={plan.script} />
        </>
      )}
    </>
  );
}
