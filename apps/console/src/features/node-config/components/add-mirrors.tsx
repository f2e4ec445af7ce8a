'use client';

import { Button } from '@mantine/core';
import type { ImageListPlan } from '@moorage/contract';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ProblemNotice } from '../../../components/problem-notice';
import { StatusBadge } from '../../../components/status-badge';
import { useEnvironment } from '../../../lib/session-context';
import { useAction } from '../../../lib/use-action';
import { addMirror } from '../actions';
import classes from './node-config.module.css';

type PlannedMirror = ImageListPlan['mirrors'][number];

function MirrorRow({ mirror, mayAdd }: { mirror: PlannedMirror; mayAdd: boolean }) {
  const t = useTranslations('imageList');
  const { env } = useEnvironment();
  const add = useAction(addMirror, ['mirrors']);
  const [isAdded, setAdded] = useState(false);
  const { registry, endpoints, rewrites } = mirror;
  const run = async () => setAdded((await add.run(env, mirror)).ok);
  return (
    <li className={classes.row}>
      <div className="two-lines grow">
        <span className="mono">{registry}</span>
        {endpoints.map((endpoint) => (
          <small key={endpoint} className="mono">
            {endpoint}
          </small>
        ))}
        {rewrites.map(({ pattern, replacement }) => (
          <small key={pattern} className="mono">
            {pattern} → {replacement}
          </small>
        ))}
        {add.error !== null && <ProblemNotice error={add.error} />}
      </div>
      {isAdded && <StatusBadge tone="ok">{t('added')}</StatusBadge>}
      {mayAdd && !isAdded && (
        <Button
          variant="default"
          loading={add.pending}
          aria-label={t('addMirrorFor', { registry })}
          onClick={() => void run()}
        >
          {t('addMirror')}
        </Button>
      )}
    </li>
  );
}

/** One by one: an environment may have a mirror for that registry already, which is then not touched. */
export function AddMirrors({
  mirrors,
  mayAdd,
}: {
  mirrors: readonly PlannedMirror[];
  mayAdd: boolean;
}) {
  const t = useTranslations('imageList');
  return (
    <section className="card" aria-labelledby="planned-mirrors">
      <div className={classes.head}>
        <h2 id="planned-mirrors">{t('mirrors')}</h2>
        <span className="dim">{t('mirrorsHint')}</span>
      </div>
      <ul>
        {mirrors.map((mirror) => (
          <MirrorRow key={mirror.registry} mirror={mirror} mayAdd={mayAdd} />
        ))}
      </ul>
    </section>
  );
}
