'use client';

import { ActionIcon, Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { FormField } from '../../../components/form-field';
import { emptyRow, type RewriteRow } from './mirror-draft';
import classes from './mirrors.module.css';

/** Pattern and replacement, on the repository only. */
export function RewriteRows({
  rewrites,
  onChange,
}: {
  rewrites: readonly RewriteRow[];
  onChange: (next: readonly RewriteRow[]) => void;
}) {
  const t = useTranslations('mirrors');
  return (
    <fieldset className="stack-tight">
      <legend className="dim">{t('rewrites')}</legend>
      {rewrites.map((row, index) => (
        <div key={row.id} className={classes.pair}>
          <FormField
            label={t('pattern', { number: index + 1 })}
            isLabelHidden
            placeholder="^library/(.*)"
            mono
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
