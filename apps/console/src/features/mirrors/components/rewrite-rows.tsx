'use client';

import { ActionIcon, Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { FormField } from '../../../components/form-field';
import { emptyRow, type RewriteRow } from './mirror-draft';
import classes from './mirrors.module.css';
import { RewriteTrial, useRewriteTrial } from './rewrite-trial';

/** Pattern and replacement, on the repository only, and what they make of the image that is tried. */
export function RewriteRows({
  rewrites,
  image,
  onChange,
}: {
  rewrites: readonly RewriteRow[];
  image: string;
  onChange: (next: readonly RewriteRow[]) => void;
}) {
  const t = useTranslations('mirrors');
  const { answer, faults } = useRewriteTrial(image, rewrites);
  return (
    <fieldset className={classes.group}>
      <legend className="dim">{t('rewrites')}</legend>
      {rewrites.map((row, index) => (
        <div key={row.id} className={classes.pair}>
          <FormField
            label={t('pattern', { number: index + 1 })}
            isLabelHidden
            placeholder="^library/(.*)"
            mono
            error={faults.get(row.id) === null ? null : t('trial.fault')}
            value={row.pattern}
            onChange={({ currentTarget }) =>
              onChange(rewrites.with(index, { ...row, pattern: currentTarget.value }))
            }
          />
          <span aria-hidden>→</span>
          <FormField
            label={t('replacement', { number: index + 1 })}
            isLabelHidden
            placeholder="hub/$1"
            mono
            value={row.replacement}
            onChange={({ currentTarget }) =>
              onChange(rewrites.with(index, { ...row, replacement: currentTarget.value }))
            }
          />
          <ActionIcon
            variant="default"
            aria-label={t('removeRewrite', { number: index + 1 })}
            onClick={() => onChange(rewrites.toSpliced(index, 1))}
          >
            <IconX size={14} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      <RewriteTrial answer={answer} />
      <div>
        <Button
          variant="default"
          size="compact-sm"
          onClick={() => onChange([...rewrites, { ...emptyRow(), pattern: '', replacement: '' }])}
        >
          {t('addRewrite')}
        </Button>
      </div>
    </fieldset>
  );
}
