'use client';

import { Button } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { Finding, SEVERITY_TONES } from '../../../components/finding';
import { StatusBadge } from '../../../components/status-badge';
import type { CoreAnswer } from '../../../lib/core/core-answers';
import { type Fix, fixesOf } from './finding-fix';
import classes from './tools.module.css';

type Diagnostic = CoreAnswer<'check'>['diagnostics'][number];

/** A file can have a finding in every line; a page that shows thousands helps nobody. */
const MAX_SHOWN = 100;

interface ListProps {
  /** the text that was checked */
  readonly document: string;
  /** null = nothing has been checked */
  readonly report: Pick<CoreAnswer<'check'>, 'diagnostics' | 'counts'> | null;
  /** the text has changed since: places may have moved, so nothing is mended by them */
  readonly isOld: boolean;
  readonly onGo: (finding: Diagnostic) => void;
  readonly onFix: (fix: Fix) => void;
}

function FixButton({ fix, isOld, onFix }: { fix: Fix } & Pick<ListProps, 'isOld' | 'onFix'>) {
  const t = useTranslations('checker');
  return (
    <div>
      <Button variant="default" disabled={isOld} onClick={() => onFix(fix)}>
        {fix.label === null ? t('removeLine') : t('changeTo', { text: fix.label })}
      </Button>
    </div>
  );
}

type Counts = CoreAnswer<'check'>['counts'];

function Verdict({
  counts: { error: errors, warning: warnings, info: infos },
}: {
  counts: Counts;
}) {
  const t = useTranslations('checker');
  if (errors + warnings + infos === 0) return <StatusBadge tone="ok">{t('clean')}</StatusBadge>;
  return (
    <>
      {errors > 0 && <StatusBadge tone="bad">{t('errors', { count: errors })}</StatusBadge>}
      {warnings > 0 && <StatusBadge tone="warn">{t('warnings', { count: warnings })}</StatusBadge>}
      {infos > 0 && <StatusBadge tone="mute">{t('infos', { count: infos })}</StatusBadge>}
    </>
  );
}

interface RowProps extends Pick<ListProps, 'isOld' | 'onGo' | 'onFix'> {
  readonly finding: Diagnostic;
  readonly fix: Fix | null;
}

function FindingRow({ finding, fix, isOld, onGo, onFix }: RowProps) {
  const t = useTranslations('checker');
  return (
    <Finding
      finding={finding}
      isMendable={fix !== null}
      place={
        <button type="button" className={classes.line} onClick={() => onGo(finding)}>
          <StatusBadge tone={SEVERITY_TONES[finding.severity]}>
            {t('line', { line: finding.line })}
          </StatusBadge>
        </button>
      }
    >
      {fix !== null && <FixButton fix={fix} isOld={isOld} onFix={onFix} />}
    </Finding>
  );
}

/** What is wrong, in the order of the file; each goes to its line, and what can be mended has a button. */
export function FindingsList({ document, report, ...list }: ListProps) {
  const t = useTranslations('checker');
  const shown = useMemo(() => {
    const fixOf = fixesOf(document);
    const first = report?.diagnostics.slice(0, MAX_SHOWN) ?? [];
    return first.map((finding) => ({ finding, fix: fixOf(finding) }));
  }, [document, report]);
  const all = report === null ? 0 : Object.values(report.counts).reduce((sum, n) => sum + n, 0);
  const hidden = all - shown.length;
  return (
    <section className={`card ${classes.findings}`} aria-labelledby="findings">
      <div className={classes.head}>
        <h2 id="findings">{t('findings')}</h2>
        <span className="row-tight" aria-live="polite">
          {report !== null && <Verdict counts={report.counts} />}
        </span>
      </div>
      {report === null && <p className="dim pad">{t('findingsEmpty')}</p>}
      {shown.map(({ finding, fix }) => (
        <FindingRow
          key={`${finding.code} ${finding.path} ${finding.line} ${finding.column}`}
          finding={finding}
          fix={fix}
          {...list}
        />
      ))}
      {hidden > 0 && <p className="dim pad">{t('more', { count: hidden })}</p>}
    </section>
  );
}
