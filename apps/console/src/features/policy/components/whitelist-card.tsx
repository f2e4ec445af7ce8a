'use client';

import { Button } from '@mantine/core';
import type { Setting } from '@moorage/contract';
import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { CopyButton } from '../../../components/copy-button';
import { StatusBadge, Tag } from '../../../components/status-badge';
import { CardHead } from './card-head';
import classes from './policy.module.css';
import type { SettingChanges } from './use-setting-change';
import type { ShownEntry } from './whitelist-draft';

// With it come the rules of addresses, which only an editor needs.
const WhitelistEditor = dynamic(() =>
  import('./whitelist-editor').then((module) => module.WhitelistEditor),
);

interface CardProps {
  readonly env: string | null;
  readonly setting: Setting;
  readonly entries: readonly ShownEntry[];
  /** the list in force; null = off */
  readonly inForce: readonly string[] | null;
  readonly mayWrite: boolean;
  readonly changes: SettingChanges;
}

function EntryLine({
  shown,
  inForce,
  isInstallation,
}: Pick<CardProps, 'inForce'> & { shown: ShownEntry; isInstallation: boolean }) {
  const t = useTranslations('policy');
  const { entry, note, from, overruled } = shown;
  const isPart = (inForce ?? []).some((each) => each.startsWith(`${entry}/`));
  return (
    <li className={classes.entry} data-overruled={overruled !== null || undefined}>
      <span className={`mono ${classes.entryName}`}>{entry}</span>
      <span className="dim grow">{note}</span>
      {from !== 'environment' && !isInstallation && <Tag>{t(`from.${from}`)}</Tag>}
      {overruled !== null && (
        <span className={classes.overruled}>
          <StatusBadge tone="warn">
            {t(isPart ? 'overruled.partBadge' : 'overruled.badge')}
          </StatusBadge>
          <small className="dim">{t(isPart ? 'overruled.part' : 'overruled.entry')}</small>
        </span>
      )}
    </li>
  );
}

function Empty({ inForce }: Pick<CardProps, 'inForce'>) {
  const t = useTranslations('policy.whitelist');
  return <p className={`dim ${classes.line}`}>{t(inForce === null ? 'off' : 'nothing')}</p>;
}

/** The registries from which images may run, each with why it is there and whether it counts. */
export function WhitelistCard(props: CardProps) {
  const { env, setting, entries, inForce, mayWrite, changes } = props;
  const t = useTranslations('policy');
  const [isEdited, setEdited] = useState(false);
  const editKey = entries.length === 0 ? 'set' : setting.value === null ? 'narrow' : 'edit';
  if (isEdited) {
    return (
      <WhitelistEditor
        setting={setting}
        startFrom={setting.value ?? setting.effective}
        entries={entries}
        changes={changes}
        onClose={() => setEdited(false)}
      />
    );
  }
  return (
    <section className="card" aria-label={t('whitelist.title')}>
      <CardHead title={t('whitelist.title')} setting={setting}>
        {inForce !== null && inForce.length > 0 && <CopyButton text={inForce.join(',')} />}
        {mayWrite && (
          <Button
            variant={entries.length === 0 ? 'filled' : 'default'}
            onClick={() => setEdited(true)}
          >
            {t(`whitelist.${editKey}`)}
          </Button>
        )}
      </CardHead>
      {entries.length === 0 && <Empty inForce={inForce} />}
      <ul className={classes.entries}>
        {entries.map((shown) => (
          <EntryLine
            key={`${shown.from}/${shown.entry}`}
            shown={shown}
            inForce={inForce}
            isInstallation={env === null}
          />
        ))}
      </ul>
      {mayWrite && setting.value !== null && (
        <div className={`row ${classes.foot}`}>
          <Button
            variant="default"
            loading={changes.pending}
            onClick={() => void changes.applyOrReview({ name: setting.name, value: null })}
          >
            {t(env === null ? 'whitelist.clear' : 'inherit')}
          </Button>
        </div>
      )}
    </section>
  );
}
