'use client';

import type { NodeConfigImportReport } from '@moorage/contract';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Finding, SEVERITY_TONES } from '../../../components/finding';
import { StatusBadge } from '../../../components/status-badge';
import { ACTION_TONES, FIELD_WORDS } from '../labels';
import classes from './node-config.module.css';

type Action = NodeConfigImportReport['registries'][number]['action'];

function Row({
  action,
  isDone,
  children,
}: {
  action: Action;
  isDone: boolean;
  children: ReactNode;
}) {
  const t = useTranslations('nodeImport');
  return (
    <li className={classes.row}>
      <span className={classes.action}>
        <StatusBadge tone={ACTION_TONES[action]}>
          {t(`${isDone ? 'doneAction' : 'action'}.${action}`)}
        </StatusBadge>
      </span>
      <div className="two-lines grow">{children}</div>
    </li>
  );
}

function Section({
  title,
  count,
  children,
}: {
  title: string;
  count: number;
  children: ReactNode;
}) {
  if (count === 0) return null;
  return (
    <section className="card" aria-label={title}>
      <div className={classes.head}>
        <h2>{title}</h2>
        <span className="dim">{count}</span>
      </div>
      {children}
    </section>
  );
}

function Mirrors({ report: { mirrors, applied } }: { report: NodeConfigImportReport }) {
  const t = useTranslations('nodeImport');
  return (
    <ul>
      {mirrors.map(({ registry, action, endpoints, rewrites }) => (
        <Row key={registry} action={action} isDone={applied}>
          <span className="mono">{registry}</span>
          {endpoints.length === 0 && <small>{t('noEndpoint')}</small>}
          {endpoints.map((endpoint) => (
            <small key={endpoint} className="mono">
              {endpoint}
            </small>
          ))}
          {rewrites.map(({ pattern, replacement }) => (
            <small key={pattern} className="mono">
              {pattern} → {replacement}
            </small>
          ))}
        </Row>
      ))}
    </ul>
  );
}

function Logins({
  report: { registries, credentials, applied },
}: {
  report: NodeConfigImportReport;
}) {
  const t = useTranslations('nodeImport');
  const nameOf = (field: string) => {
    const word = FIELD_WORDS[field];
    return word === undefined ? field : t(`field.${word}`);
  };
  return (
    <>
      <Section title={t('registries')} count={registries.length}>
        <ul>
          {registries.map(({ address, action, changes }) => (
            <Row key={address} action={action} isDone={applied}>
              <span className="mono">{address}</span>
              {changes.length > 0 && <small>{changes.map(nameOf).join(', ')}</small>}
            </Row>
          ))}
        </ul>
      </Section>
      <Section title={t('credentials')} count={credentials.length}>
        <ul>
          {credentials.map(({ address, username, action }) => (
            <Row key={`${address} ${username}`} action={action} isDone={applied}>
              <span>{username}</span>
              <small className="mono">{address}</small>
            </Row>
          ))}
        </ul>
      </Section>
    </>
  );
}

type LeftOut = NodeConfigImportReport['notImported'][number];

/** A comment is expected to stay behind; everything else may be missed. */
function severityOf({ code }: LeftOut) {
  return code === 'node-config-import.comment' ? 'info' : 'warning';
}

function NotImported({ each, onGo }: { each: LeftOut; onGo: (place: LeftOut) => void }) {
  const t = useTranslations('nodeImport');
  const { code, path, line, detail, parameters } = each;
  const severity = severityOf(each);
  return (
    <Finding
      finding={{ severity, code, path, line, message: detail, suggestion: null, parameters }}
      place={
        <button type="button" className={classes.line} onClick={() => onGo(each)}>
          <StatusBadge tone={SEVERITY_TONES[severity]}>{t('line', { line })}</StatusBadge>
        </button>
      }
    />
  );
}

interface ReportProps {
  readonly report: NodeConfigImportReport;
  /** shows a place of the file */
  readonly onGo: (place: { readonly line: number; readonly column: number }) => void;
}

/** What is added, changed and kept, and what of the file is not, with its line and the reason. */
export function ImportReport({ report, onGo }: ReportProps) {
  const t = useTranslations('nodeImport');
  const { mirrors, notImported } = report;
  const all = [...report.registries, ...report.credentials, ...mirrors];
  const isIdle = all.every(({ action }) => action === 'keep');
  return (
    <>
      {isIdle && !report.applied && <p>{all.length === 0 ? t('nothing') : t('unchanged')}</p>}
      <Logins report={report} />
      <Section title={t('mirrors')} count={mirrors.length}>
        <Mirrors report={report} />
      </Section>
      <Section title={t('notImported')} count={notImported.length}>
        <div className={classes.findings}>
          {notImported.map((each) => (
            <NotImported
              key={`${each.code} ${each.line} ${each.column} ${each.path}`}
              each={each}
              onGo={onGo}
            />
          ))}
        </div>
      </Section>
    </>
  );
}
