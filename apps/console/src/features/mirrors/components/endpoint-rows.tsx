'use client';

import { ActionIcon, Button } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { type ReactNode, useLayoutEffect, useRef } from 'react';
import { FormField } from '../../../components/form-field';
import { type EndpointRow, emptyRow } from './mirror-draft';
import classes from './mirrors.module.css';

interface EndpointRowsProps {
  readonly endpoints: readonly EndpointRow[];
  readonly fieldErrors: Readonly<Record<string, string>>;
  /** the first one is where an edit begins */
  readonly isFocused: boolean;
  readonly onChange: (next: readonly EndpointRow[]) => void;
}

function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const item = list[from];
  return item === undefined ? [...list] : list.toSpliced(from, 1).toSpliced(to, 0, item);
}

/** A browser takes the focus from what moves in the document; who moves a row goes on with it. */
function useRefocus() {
  const wanted = useRef<string | null>(null);
  useLayoutEffect(() => {
    if (wanted.current === null) return;
    document.getElementById(wanted.current)?.focus();
    wanted.current = null;
  });
  return (id: string) => {
    wanted.current = id;
  };
}

interface MoveProps {
  readonly id: string;
  readonly label: string;
  readonly isPossible: boolean;
  readonly onMove: () => void;
  readonly children: ReactNode;
}

/** Stays in reach at the ends: a disabled button would lose the focus. */
function Move({ id, label, isPossible, onMove, children }: MoveProps) {
  return (
    <ActionIcon
      id={id}
      variant="default"
      aria-label={label}
      aria-disabled={!isPossible}
      {...(isPossible ? {} : { 'data-disabled': true })}
      onClick={() => {
        if (isPossible) onMove();
      }}
    >
      {children}
    </ActionIcon>
  );
}

/** Endpoints in the order in which nodes try them; they are moved by buttons, so by keyboard too. */
export function EndpointRows({ endpoints, fieldErrors, isFocused, onChange }: EndpointRowsProps) {
  const t = useTranslations('mirrors');
  const refocus = useRefocus();
  const move = (from: number, to: number, button: string) => {
    refocus(button);
    onChange(moved(endpoints, from, to));
  };
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
            autoFocus={isFocused && index === 0}
            error={fieldErrors[`endpoints.${index}`]}
            value={row.url}
            onChange={({ currentTarget }) =>
              onChange(endpoints.with(index, { ...row, url: currentTarget.value }))
            }
          />
          <Move
            id={`${row.id}-up`}
            label={t('up', { number: index + 1 })}
            isPossible={index > 0}
            onMove={() => move(index, index - 1, `${row.id}-up`)}
          >
            <IconArrowUp size={14} aria-hidden />
          </Move>
          <Move
            id={`${row.id}-down`}
            label={t('down', { number: index + 1 })}
            isPossible={index < endpoints.length - 1}
            onMove={() => move(index, index + 1, `${row.id}-down`)}
          >
            <IconArrowDown size={14} aria-hidden />
          </Move>
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
