'use client';

import type { Plan } from '@moorage/contract';
import { useTranslations } from 'next-intl';
import { type Column, DataTable } from '../../../components/data-table';
import { Notice } from '../../../components/notice';
import { Tag } from '../../../components/status-badge';

type Change = Plan['changes'][number];

/** Room for the table of changes below the summary. */
const TABLE_HEIGHT_PX = 420;
const COUNTS = ['create', 'update', 'delete', 'attach', 'detach', 'unchanged'] as const;

function useColumns(): readonly Column<Change>[] {
  const t = useTranslations('targets.plan');
  return [
    {
      id: 'namespace',
      header: t('namespace'),
      cell: ({ namespace }) => <span className="mono">{namespace}</span>,
    },
    { id: 'action', header: t('change'), cell: ({ action }) => t(`action.${action}`) },
    {
      id: 'object',
      header: t('object'),
      cell: ({ object, name }) => (
        <span>
          {t(`kind.${object}`)} <span className="mono">{name}</span>
        </span>
      ),
    },
    {
      id: 'reason',
      header: t('reason'),
      optional: true,
      cell: ({ reason }) => <span className="dim">{reason}</span>,
    },
  ];
}

function Entries({ entries }: Pick<Plan, 'entries'>) {
  const t = useTranslations('targets.plan');
  return (
    <section className="card pad stack-tight">
      <h2>{t('entries')}</h2>
      {entries.length === 0 && <p className="dim">{t('noEntries')}</p>}
      <ul className="stack-tight">
        {entries.map(({ key, username }) => (
          <li key={key} className="row">
            <span className="mono">{key}</span>
            <strong className="mono">{username}</strong>
            <span className="mono dim" aria-hidden>
              ••••••••
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The exact changes before any is made: counts, what the pull secret will hold, each object. */
export function PlanReport({ plan }: { plan: Plan }) {
  const t = useTranslations('targets.plan');
  const columns = useColumns();
  const { summary, changes, conflicts, warnings, truncated } = plan;
  return (
    <div className="stack">
      <div className="row" style={{ gap: 6 }}>
        {COUNTS.filter((each) => summary[each] > 0).map((each) => (
          <Tag key={each}>{t(`count.${each}`, { count: summary[each] })}</Tag>
        ))}
      </div>
      {warnings.map(({ code, detail }) => (
        <Notice key={`${code}${detail}`} tone="warn">
          {detail}
        </Notice>
      ))}
      {conflicts.length > 0 && (
        <Notice tone="warn">
          <strong>{t('conflicts', { count: summary.conflicts })}</strong>
          {conflicts.slice(0, 5).map(({ namespace, detail }) => (
            <span key={namespace}>
              <span className="mono">{namespace}</span> {detail}
            </span>
          ))}
        </Notice>
      )}
      <Entries entries={plan.entries} />
      {changes.length === 0 ? (
        <p>{t('nothing')}</p>
      ) : (
        <DataTable
          label={t('changes')}
          columns={columns}
          rows={changes}
          rowId={({ namespace, object, name, action }) =>
            `${namespace}/${object}/${name}/${action}`
          }
          windowHeight={TABLE_HEIGHT_PX}
        />
      )}
      {truncated && <p className="dim">{t('truncated', { count: changes.length })}</p>}
    </div>
  );
}
