'use client';

import { Modal } from '@mantine/core';
import type { AuditEntry } from '@moorage/contract';
import { useTranslations } from 'next-intl';
import { Time } from '../../../components/time';
import classes from './activity.module.css';

function show(value: unknown): string {
  if (value === null || value === undefined) return '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function Changes({ changes }: Pick<AuditEntry, 'changes'>) {
  const t = useTranslations('activity');
  const fields = Object.entries(changes);
  if (fields.length === 0) return null;
  return (
    <table className={classes.changes}>
      <thead>
        <tr>
          <th scope="col">{t('field')}</th>
          <th scope="col">{t('before')}</th>
          <th scope="col">{t('after')}</th>
        </tr>
      </thead>
      <tbody>
        {fields.map(([field, { before, after }]) => (
          <tr key={field}>
            <th scope="row" className="mono">
              {field}
            </th>
            <td className="mono">{show(before)}</td>
            <td className="mono">{show(after)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** One entry with what was changed and the links to logs and to the chain. */
export function ActivityEntry({ entry, onClose }: { entry: AuditEntry; onClose: () => void }) {
  const t = useTranslations('activity');
  return (
    <Modal opened onClose={onClose} title={<strong>{entry.object.name}</strong>} size={640}>
      <div className="stack">
        <p>
          {entry.actor.name}, <Time value={entry.at} />
        </p>
        <Changes changes={entry.changes} />
        <dl className={classes.facts}>
          <dt>{t('actionCode')}</dt>
          <dd className="mono">{entry.action}</dd>
          <dt>{t('requestId')}</dt>
          <dd className="mono">{entry.requestId ?? '–'}</dd>
          <dt>{t('hash')}</dt>
          <dd className="mono">{entry.hash ?? t('hashPending')}</dd>
        </dl>
      </div>
    </Modal>
  );
}
