'use client';

import { Modal, Switch } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import classes from './shortcut-help.module.css';
import { areSingleKeysOn, switchSingleKeys } from './single-keys';
import { usePlaces } from './use-places';

export function ShortcutHelp({ onClose }: { onClose: () => void }) {
  const t = useTranslations('navigation');
  const { environment, tools, installation } = usePlaces();
  const [isOn, setOn] = useState(areSingleKeysOn);
  const keys: [string, string][] = [
    ['Ctrl K', t('shortcuts.palette')],
    ['/', t('shortcuts.filter')],
    ['?', t('shortcuts.help')],
    ['↑ ↓', t('shortcuts.rows')],
    ...[...environment, ...tools, ...installation]
      .filter(({ key }) => key !== undefined)
      .map(({ key, id }): [string, string] => [`g ${key}`, t(`places.${id}`)]),
  ];
  return (
    <Modal opened onClose={onClose} title={<strong>{t('shortcuts.title')}</strong>}>
      <div className="stack">
        <dl className={classes.keys}>
          {keys.map(([key, meaning]) => (
            <div key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
        <Switch
          checked={isOn}
          label={t('shortcuts.singleKeys')}
          onChange={({ currentTarget: { checked } }) => {
            switchSingleKeys(checked);
            setOn(checked);
          }}
        />
      </div>
    </Modal>
  );
}
