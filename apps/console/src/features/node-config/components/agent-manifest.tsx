'use client';

import { Switch } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { CodeLines } from '../../../components/code-lines';
import { CopyButton } from '../../../components/copy-button';
import { DownloadButton } from '../../../components/download-button';
import { FormField } from '../../../components/form-field';
import { Notice } from '../../../components/notice';
import { QueryView } from '../../../components/states';
import { useEnvironment } from '../../../lib/session-context';
import { DISTRIBUTION_NAMES } from '../labels';
import { type AgentChoice, agentOf, DISTRIBUTIONS, FIRST_AGENT } from '../loaders';
import classes from './node-config.module.css';

/** Longer than the pause between two keys of a quick typist. */
const SETTLED_AFTER_MS = 300;
const FILE = 'moorage-agent.yaml';
const COMMAND = `kubectl apply -f ${FILE}`;

function Choices({
  choice,
  standard,
  set,
}: {
  choice: AgentChoice;
  /** the image that is meant while none is typed */
  standard: string;
  set: (change: Partial<AgentChoice>) => void;
}) {
  const t = useTranslations('delivery.agent');
  return (
    <div className={classes.agent}>
      <FormField
        kind="choice"
        label={t('distribution')}
        choices={DISTRIBUTIONS.map((value) => ({ value, label: DISTRIBUTION_NAMES[value] }))}
        value={choice.distribution}
        onChange={({ currentTarget }) =>
          set({ distribution: DISTRIBUTIONS.find((each) => each === currentTarget.value) ?? 'k3s' })
        }
      />
      <FormField
        label={t('agentImage')}
        hint={t('agentImageHint')}
        placeholder={standard}
        mono
        maxLength={1000}
        value={choice.image}
        onChange={({ currentTarget }) => set({ image: currentTarget.value.trim() })}
      />
      <Switch
        label={t('restart')}
        description={t('restartHint')}
        checked={choice.restart}
        onChange={({ currentTarget }) => set({ restart: currentTarget.checked })}
      />
    </div>
  );
}

/** A DaemonSet that writes the files on each node and says how they stand. */
export function AgentManifest() {
  const t = useTranslations('delivery.agent');
  const { env } = useEnvironment();
  const [choice, setChoice] = useState(FIRST_AGENT);
  const [settled] = useDebouncedValue(choice, SETTLED_AFTER_MS);
  const query = useQuery({ ...agentOf(env, settled), placeholderData: keepPreviousData });
  return (
    <section className="card" aria-labelledby="delivery-agent">
      <div className="pad stack">
        <h2 id="delivery-agent">{t('title')}</h2>
        <p>{t('about')}</p>
        <Choices
          choice={choice}
          standard={query.data?.image ?? ''}
          set={(change) => setChoice((old) => ({ ...old, ...change }))}
        />
        {choice.restart && (
          <Notice tone="warn">
            <span>{t('restartPrivilege')}</span>
            {choice.distribution !== 'containerd' && <span>{t('restartUnverified')}</span>}
          </Notice>
        )}
        <ol className="stack-tight">
          <li>{t('stepTarget')}</li>
          <li>
            {t('stepApply')} <code className="mono">{COMMAND}</code>
          </li>
          <li>
            {t.rich('stepWatch', {
              link: (chunks) => <Link href={`/e/${env}/nodes`}>{chunks}</Link>,
            })}
          </li>
        </ol>
      </div>
      <QueryView query={query}>
        {({ manifest, image }) => (
          <div className={classes.files}>
            <div className={classes.row}>
              <span className="row grow">
                <span className="mono">{FILE}</span>
                <span className="dim">
                  {t('image')} <span className="mono">{image}</span>
                </span>
              </span>
              <CopyButton text={manifest} />
              <DownloadButton name={FILE} text={manifest} />
            </div>
            <details className="pad">
              <summary>{t('show')}</summary>
              <CodeLines label={FILE} content={manifest} />
            </details>
          </div>
        )}
      </QueryView>
    </section>
  );
}
