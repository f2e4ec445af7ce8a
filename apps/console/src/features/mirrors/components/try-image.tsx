'use client';

import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { FormField } from '../../../components/form-field';
import { Notice } from '../../../components/notice';
import { PullAttempts } from '../../../components/pull-attempts';
import { useCoreAnswer } from '../../../lib/core/use-core-answer';
import type { NodeFormat } from '../../../lib/node-formats';
import { useEnvironment } from '../../../lib/session-context';
import { sourceOf } from '../labels';
import type { DraftMirrors } from '../loaders';
import classes from './mirrors.module.css';
import { useNodeConfig } from './use-node-config';

interface TryImageProps {
  readonly image: string;
  readonly onImage: (image: string) => void;
  readonly format: NodeFormat;
  readonly draft: DraftMirrors | null;
}

function usePlan({ image, format, draft }: TryImageProps) {
  const { env } = useEnvironment();
  const source = sourceOf(format);
  const { stored, preview } = useNodeConfig(env, source?.yaml ?? 'k3s-registries.yaml', draft);
  const file = (preview?.data ?? stored.data)?.files.find(({ path }) =>
    path.endsWith('/registries.yaml'),
  );
  const engine = source?.engine ?? null;
  const content = file?.content;
  const question = useMemo(
    () =>
      engine === null || content === undefined || image.trim() === ''
        ? null
        : { image: image.trim(), engine, registriesYaml: content },
    [engine, content, image],
  );
  return { engine, question, ...useCoreAnswer('pull', question) };
}

/** The attempts of a pull as they will happen, with what is being typed on the left. */
export function TryImage(props: TryImageProps) {
  const t = useTranslations('mirrors');
  const { engine, question, told } = usePlan(props);
  const answer = question === null ? null : told?.answer;
  return (
    <section className="card" aria-labelledby="try-image">
      <div className={classes.cardHead}>
        <h2 id="try-image">{t('try.title')}</h2>
        <div className="grow">
          <FormField
            label={t('try.image')}
            isLabelHidden
            mono
            maxLength={4096}
            value={props.image}
            onChange={({ currentTarget }) => props.onImage(currentTarget.value)}
          />
        </div>
      </div>
      <div className="pad" aria-live="polite">
        {engine === null && <p className="dim">{t('try.otherEngine')}</p>}
        {answer?.ok === true && (
          <PullAttempts plan={answer.value} isDerived={engine === 'k3s-containerd'} />
        )}
        {answer?.ok === false && (
          <Notice tone="bad">
            <span>{t('try.notAnImage')}</span>
          </Notice>
        )}
        {engine !== null && question === null && <p className="dim">{t('try.type')}</p>}
      </div>
    </section>
  );
}
