'use client';

import { Button, Modal } from '@mantine/core';
import type { NodeConfigLink } from '@moorage/contract';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { CopyButton } from '../../../components/copy-button';
import { FormField } from '../../../components/form-field';
import { Notice } from '../../../components/notice';
import { ProblemNotice } from '../../../components/problem-notice';
import { NODE_FORMAT_NAMES, type NodeFormat, nodeFormats } from '../../../lib/node-formats';
import { useEnvironment } from '../../../lib/session-context';
import { useAction } from '../../../lib/use-action';
import { createLink } from '../actions';
import classes from './node-config.module.css';

/** In minutes; an hour is the longest that the server gives. */
const EXPIRIES = [5, 10, 30, 60] as const;
const SECONDS = 60;

/** Formats that are files on a node; the others are taken by people. */
const INSTALLABLE = nodeFormats.filter((format) => format !== 'rancher-cluster');

function Copied({ label, text }: { label: string; text: string }) {
  return (
    <div className="stack-tight">
      <strong>{label}</strong>
      <div className={classes.command}>
        <code className={`code ${classes.wrapped}`}>{text}</code>
        <CopyButton text={text} />
      </div>
    </div>
  );
}

function MadeLink({ link, onClose }: { link: NodeConfigLink; onClose: () => void }) {
  const t = useTranslations('delivery.link');
  const format = useFormatter();
  const at = format.dateTime(new Date(link.expiresAt), {
    hour: '2-digit',
    minute: '2-digit',
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  });
  return (
    <>
      <Notice tone="warn">
        <strong>{t('once')}</strong>
        <span>{t('expires', { at })}</span>
      </Notice>
      <Copied label={t('command')} text={link.command} />
      <Copied label={t('url')} text={link.url} />
      <div className="row">
        <Button className="push" onClick={onClose}>
          {t('done')}
        </Button>
      </div>
    </>
  );
}

/** Makes a link that gives the files with their passwords, once. It is shown here and nowhere again. */
export function LinkDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('delivery.link');
  const { env } = useEnvironment();
  const [format, setFormat] = useState<NodeFormat>('k3s-registries.yaml');
  const [minutes, setMinutes] = useState<number>(EXPIRIES[1]);
  const [link, setLink] = useState<NodeConfigLink | null>(null);
  const create = useAction(createLink, []);
  const make = async () => {
    const outcome = await create.run(env, { format, expiresInSeconds: minutes * SECONDS });
    if (outcome.ok) setLink(outcome.value);
  };
  return (
    <Modal opened onClose={onClose} title={<strong>{t('title')}</strong>} size={620}>
      <div className="stack">
        {link !== null && <MadeLink link={link} onClose={onClose} />}
        {link === null && (
          <>
            <Notice tone="warn">
              <span>{t('contains')}</span>
            </Notice>
            <div className={classes.choices}>
              <FormField
                kind="choice"
                label={t('format')}
                choices={INSTALLABLE.map((value) => ({ value, label: NODE_FORMAT_NAMES[value] }))}
                value={format}
                onChange={({ currentTarget }) =>
                  setFormat(INSTALLABLE.find((each) => each === currentTarget.value) ?? format)
                }
              />
              <FormField
                kind="choice"
                label={t('expiry')}
                choices={EXPIRIES.map((value) => ({
                  value: `${value}`,
                  label: t('minutes', { count: value }),
                }))}
                value={`${minutes}`}
                onChange={({ currentTarget }) => setMinutes(Number(currentTarget.value))}
              />
            </div>
            {create.error !== null && <ProblemNotice error={create.error} />}
            <div className="row">
              <Button variant="default" className="push" onClick={onClose}>
                {t('cancel')}
              </Button>
              <Button onClick={() => void make()} loading={create.pending}>
                {t('create')}
              </Button>
            </div>
          </>
        )}
      </div>
    </Modal>
  );
}
