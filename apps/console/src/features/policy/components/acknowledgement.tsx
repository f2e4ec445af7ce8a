'use client';

import { TextInput } from '@mantine/core';
import { useTranslations } from 'next-intl';
import type { KeyboardEvent } from 'react';
import classes from './policy.module.css';

/** A sentence that is typed, not clicked, before running images may be stopped. */
export function Acknowledgement({
  isKnown,
  value,
  onChange,
}: {
  /** the report names what will be refused; else it could not be read in full */
  isKnown: boolean;
  value: string;
  onChange: (typed: string) => void;
}) {
  const t = useTranslations('policy.review');
  const sentence = t('acknowledgement');
  const onKeyDown = (event: KeyboardEvent) => {
    // Enter ends a composition of an input method; it must not send what is around this field.
    if (event.key === 'Enter') event.preventDefault();
  };
  return (
    <TextInput
      label={t.rich(isKnown ? 'typeToEnforce' : 'typeUnknown', {
        sentence,
        strong: (words) => <span className={classes.phrase}>{words}</span>,
      })}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
      onKeyDown={onKeyDown}
      autoComplete="off"
      spellCheck={false}
      maw={520}
    />
  );
}
