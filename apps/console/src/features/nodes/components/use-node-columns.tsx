'use client';

import type { NodeStatus } from '@moorage/contract';
import { useTranslations } from 'next-intl';
import type { Column } from '../../../components/data-table';
import { StatusBadge } from '../../../components/status-badge';
import { Time } from '../../../components/time';
import { useCodeText } from '../../../lib/problem-text';
import { STATE_TONES } from '../labels';

/** The sentence in the visitor's language, and what the node said in its own. */
function Failure({ code, detail }: { code: string; detail: string }) {
  const sentence = useCodeText()(code, null);
  return (
    <>
      {sentence !== '' && <small>{sentence}</small>}
      <small className="mono">{detail}</small>
    </>
  );
}

function State({ node: { state, drift, lastError, restart } }: { node: NodeStatus }) {
  const t = useTranslations('nodes');
  return (
    <div className="two-lines" style={{ gap: 2 }}>
      <span>
        <StatusBadge tone={STATE_TONES[state]}>{t(`state.${state}`)}</StatusBadge>
      </span>
      {state === 'restart-needed' && (restart === 'containerd' || restart === 'k3s') && (
        <small>{t(`restart.${restart}`)}</small>
      )}
      {drift.map(({ path, change }) => (
        <small key={path}>
          {t(`drift.${change}`)} <span className="mono">{path}</span>
        </small>
      ))}
      {drift.length > 0 && <small>{t('driftHint')}</small>}
      {lastError !== null && <Failure {...lastError} />}
    </div>
  );
}

function Version({ node: { distribution, version } }: { node: NodeStatus }) {
  if (version === null && distribution === null) return <span className="dim">–</span>;
  return (
    <div className="two-lines">
      <span className="mono">{version ?? '–'}</span>
      {distribution !== null && <small>{distribution}</small>}
    </div>
  );
}

export function useNodeColumns(): readonly Column<NodeStatus>[] {
  const t = useTranslations('nodes');
  return [
    {
      id: 'node',
      header: t('node'),
      cell: ({ node }) => <span className="mono">{node}</span>,
    },
    { id: 'state', header: t('stateLabel'), cell: (node) => <State node={node} /> },
    {
      id: 'version',
      header: t('version'),
      cell: (node) => <Version node={node} />,
      optional: true,
    },
    {
      id: 'agent',
      header: t('agent'),
      optional: true,
      cell: ({ agentVersion }) => <span className="mono">{agentVersion ?? '–'}</span>,
    },
    {
      id: 'reported',
      header: t('reported'),
      width: '130px',
      cell: ({ reportedAt }) =>
        reportedAt === null ? (
          <span className="dim">{t('never')}</span>
        ) : (
          <Time value={reportedAt} />
        ),
    },
  ];
}
