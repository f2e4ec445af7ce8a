'use client';

import { ActionIcon, Button } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { FormField } from '../../../components/form-field';
import { type EndpointRow, emptyRow } from './mirror-draft';
import classes from './mirrors.module.css';

interface EndpointRowsProps {
  readonly endpoints: readonly EndpointRow[];
  readonly fieldErrors: Readonly<Record<string, string>>;
  readonly onChange: (next: readonly EndpointRow[]) => void;
}

function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const item = list[from];
  return item === undefined ? [...list] : list.toSpliced(from, 1).toSpliced(to, 0, item);
}

/** Endpoints in the order in which nodes try them; they are moved by buttons, so by keyboard too. */
export function EndpointRows({ endpoints, fieldErrors, onChange }: EndpointRowsProps) {
  const t = useTranslations('mirrors');
  return (
    <fieldset className={classes.group}>
      <legend className="dim">{t('endpoints')}</legend>
      {endpoints.map((row, index) => (
        <div key={row.id} className={classes.endpoint}>
          <FormField
            label={t('endpoint', { number: index + 1 })}
            isLabelHidden
            placeholder="https://mirror.example.com"
            mono
            error={fieldErrors[`endpoints.${index}`]}
            value={row.url}
            onChange={({ currentTarget }) =>
              onChange(endpoints.with(index, { ...row, url: currentTarget.value }))
            }
          />
          <ActionIcon
            variant="default"
            aria-label={t('up', { number: index + 1 })}
            disabled={index === 0}
            onClick={() => onChange(moved(endpoints, index, index - 1))}
          >
            <IconArrowUp size={14} aria-hidden />
          </ActionIcon>
          <ActionIcon
            variant="default"
            aria-label={t('down', { number: index + 1 })}
            disabled={index === endpoints.length - 1}
            onClick={() => onChange(moved(endpoints, index, index + 1))}
          >
            <IconArrowDown size={14} aria-hidden />
          </ActionIcon>
          <ActionIcon
            variant="default"
            aria-label={t('removeEndpoint', { number: index + 1 })}
            onClick={() => onChange(endpoints.toSpliced(index, 1))}
          >
            <IconX size={14} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      <div>
        <Button
          variant="default"
          size="compact-sm"
          onClick={() => onChange([...endpoints, { ...emptyRow(), url: '' }])}
        >
          {t('addEndpoint')}
        </Button>
      </div>
    </fieldset>
  );
}
