'use client';

import { Button } from '@mantine/core';
import type { StoppedImages } from '@moorage/contract';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { type Column, DataTable } from '../../../components/data-table';
import { PageHeader } from '../../../components/page-header';
import { SimulatedBadge } from '../../../components/simulated-badge';
import { EmptyState, QueryView } from '../../../components/states';
import { StatusBadge } from '../../../components/status-badge';
import { Time } from '../../../components/time';
import { useEnvironment } from '../../../lib/session-context';
import { SOURCE_TONES } from '../labels';
import { stoppedImagesOf } from '../loaders';
import classes from './policy.module.css';
import { PolicyTabs } from './policy-tabs';

type Stopped = StoppedImages['items'][number];
type Source = StoppedImages['sources'][number];

/** Read from the clusters each time; often enough to see a new one, seldom enough for an API server. */
const READ_EVERY_MS = 30_000;
const TABLE_HEIGHT_PX = 560;

/** What the policy itself says, without the API server's words around it and the mark of its version. */
function wordsOfPolicy(message: string): string {
  const [, words = message] = message.split(' denied request: ');
  return words.replace(/ \[moorage-[\w-]+ \w+\]$/, '');
}

function useColumns(): readonly Column<Stopped>[] {
  const t = useTranslations('policy.stopped');
  return [
    {
      id: 'workload',
      header: t('workload'),
      width: '28%',
      cell: ({ workload, namespace, clusterName }) => (
        <span className="two-lines">
          <span className="mono">{workload.name}</span>
          <small>
            {workload.kind} · {clusterName} / {namespace}
          </small>
        </span>
      ),
    },
    {
      id: 'image',
      header: t('image'),
      cell: ({ image, message, lastSeenAt }) => (
        <span className={`two-lines ${classes.stopped}`}>
          {image !== null && <span className="mono">{image}</span>}
          <small lang="en">{wordsOfPolicy(message)}</small>
          <small className={classes.narrowOnly}>
            <Time value={lastSeenAt} />
          </small>
        </span>
      ),
    },
    { id: 'count', header: t('count'), width: '80px', optional: true, cell: ({ count }) => count },
    {
      id: 'last',
      header: t('last'),
      width: '150px',
      optional: true,
      cell: ({ firstSeenAt, lastSeenAt }) => (
        <span className="two-lines">
          <Time value={lastSeenAt} />
          {firstSeenAt !== lastSeenAt && (
            <small>
              {t('since')} <Time value={firstSeenAt} />
            </small>
          )}
        </span>
      ),
    },
  ];
}

function Half({ source, half }: { source: Source; half: 'events' | 'metrics' }) {
  const t = useTranslations('policy.stopped');
  const { state, detail } = source[half];
  const { refused, warned } = source.metrics;
  return (
    <div className={classes.half}>
      <span className={classes.halfName}>{t(`source.${half}`)}</span>
      <div className="stack-tight grow">
        <span className="row" style={{ gap: 8 }}>
          <StatusBadge tone={SOURCE_TONES[state]}>{t(`sourceState.${state}`)}</StatusBadge>
          {half === 'metrics' && state === 'read' && (
            <small>{t('counters', { refused: refused ?? 0, warned: warned ?? 0 })}</small>
          )}
        </span>
        <small className="dim">{t(state === 'read' ? `says.${half}` : `lacks.${half}`)}</small>
        {detail !== null && state !== 'read' && (
          <small className="dim" lang="en">
            {detail}
          </small>
        )}
      </div>
    </div>
  );
}

function Sources({ sources }: Pick<StoppedImages, 'sources'>) {
  const t = useTranslations('policy.stopped');
  if (sources.length === 0) return null;
  return (
    <section className="card" aria-label={t('sources')}>
      <h2 className={classes.head}>{t('sources')}</h2>
      <ul>
        {sources.map((source) => (
          <li key={source.clusterId} className={classes.inForce}>
            <span className="row">
              <strong>{source.clusterName}</strong>
              {source.simulated && <SimulatedBadge />}
            </span>
            <Half source={source} half="events" />
            <Half source={source} half="metrics" />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Events are not all that can be refused, so their absence is not called "nothing". */
function NothingStopped({ sources }: Pick<StoppedImages, 'sources'>) {
  const t = useTranslations('policy.stopped');
  const isRead = sources.every(({ events }) => events.state === 'read');
  if (sources.length === 0) return <EmptyState title={t('noTargets')} />;
  return <EmptyState title={t(isRead ? 'empty' : 'emptyUnknown')}>{t('emptyHint')}</EmptyState>;
}

function Items({ stopped }: { stopped: StoppedImages }) {
  const t = useTranslations('policy.stopped');
  const columns = useColumns();
  const { items, sources, truncated } = stopped;
  if (items.length === 0) return <NothingStopped sources={sources} />;
  return (
    <div className="stack-tight">
      <DataTable
        label={t('title')}
        columns={columns}
        rows={items}
        rowId={({ clusterId, namespace, workload, image, message }) =>
          [clusterId, namespace, workload.kind, workload.name, image ?? message].join('/')
        }
        windowHeight={TABLE_HEIGHT_PX}
      />
      {truncated && <p className="dim">{t('truncated', { count: items.length })}</p>}
    </div>
  );
}

/** What the policy stopped, as far as each cluster tells, and what none of them tells. */
export function StoppedImagesView() {
  const t = useTranslations('policy');
  const { env } = useEnvironment();
  const query = useQuery({ ...stoppedImagesOf(env), refetchInterval: READ_EVERY_MS });
  return (
    <>
      <PageHeader title={t('title')} about={t('stopped.about')}>
        <Button variant="default" loading={query.isFetching} onClick={() => void query.refetch()}>
          {t('stopped.again')}
        </Button>
      </PageHeader>
      <PolicyTabs />
      <QueryView query={query}>
        {(stopped) => (
          <>
            <Items stopped={stopped} />
            <Sources sources={stopped.sources} />
          </>
        )}
      </QueryView>
    </>
  );
}
