'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { CopyButton } from '../../../components/copy-button';
import { DownloadButton } from '../../../components/download-button';
import { FormField } from '../../../components/form-field';
import { QueryView } from '../../../components/states';
import { Tag } from '../../../components/status-badge';
import { NODE_FORMAT_NAMES, type NodeFormat, nodeFormats } from '../../../lib/node-formats';
import { useEnvironment } from '../../../lib/session-context';
import { filesOf } from '../loaders';
import classes from './node-config.module.css';

/** The files to look at or to complete by hand: people never get a password back. */
export function MaskedFiles() {
  const t = useTranslations('delivery.files');
  const { env } = useEnvironment();
  const [format, setFormat] = useState<NodeFormat>('k3s-registries.yaml');
  const query = useQuery({ ...filesOf(env, format), placeholderData: keepPreviousData });
  return (
    <section className="card" aria-labelledby="delivery-files">
      <div className="pad stack">
        <h2 id="delivery-files">{t('title')}</h2>
        <p>{t('about')}</p>
        <div className={classes.choices}>
          <FormField
            kind="choice"
            label={t('format')}
            choices={nodeFormats.map((value) => ({ value, label: NODE_FORMAT_NAMES[value] }))}
            value={format}
            onChange={({ currentTarget }) =>
              setFormat(nodeFormats.find((each) => each === currentTarget.value) ?? format)
            }
          />
        </div>
      </div>
      <QueryView query={query}>
        {({ files }) => (
          <ul className={classes.files}>
            {files.length === 0 && <li className={`dim ${classes.row}`}>{t('none')}</li>}
            {files.map(({ path, mode, content }) => (
              <li key={path} className={classes.row}>
                <span className="row grow">
                  <span className="mono">{path}</span>
                  <span className="mono dim">{mode}</span>
                  {content.includes('••••') && <Tag>{t('masked')}</Tag>}
                </span>
                <CopyButton text={content} />
                <DownloadButton name={path.split('/').at(-1) ?? path} text={content} />
              </li>
            ))}
          </ul>
        )}
      </QueryView>
    </section>
  );
}
