'use client';

import { NativeSelect, PasswordInput, Textarea, TextInput } from '@mantine/core';
import type { ChangeEvent, FocusEvent, ReactNode } from 'react';

interface Choice {
  readonly value: string;
  readonly label: string;
}

type FieldElement = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

export interface FormFieldProps {
  readonly label: string;
  /** said to screen readers only, where the place says it already */
  readonly isLabelHidden?: boolean;
  readonly hint?: ReactNode;
  readonly error?: ReactNode;
  readonly kind?: 'text' | 'secret' | 'area' | 'choice' | 'date';
  readonly choices?: readonly Choice[];
  readonly required?: boolean;
  readonly disabled?: boolean;
  readonly mono?: boolean;
  readonly rows?: number;
  readonly placeholder?: string;
  readonly name?: string;
  readonly maxLength?: number;
  /** what the browser may fill in; nothing unless said */
  readonly autoComplete?: string;
  readonly autoFocus?: boolean;
  readonly value?: string;
  readonly defaultValue?: string;
  // Methods, so that each kind of input may hand over its own kind of element.
  onChange?(event: ChangeEvent<FieldElement>): void;
  onBlur?(event: FocusEvent<FieldElement>): void;
}

/** One field of any form: label above, hint under it, the reason why it is refused under the input. */
export function FormField({
  kind = 'text',
  label,
  isLabelHidden = false,
  hint,
  mono,
  rows = 4,
  choices = [],
  autoComplete = 'off',
  ...rest
}: FormFieldProps) {
  const shared = {
    ...rest,
    ...(isLabelHidden ? { 'aria-label': label } : { label }),
    autoComplete,
    spellCheck: false,
    ...(hint === undefined ? {} : { description: hint }),
    ...(mono ? { classNames: { input: 'mono' } } : {}),
  };
  switch (kind) {
    case 'secret':
      return (
        <PasswordInput
          {...shared}
          autoComplete={autoComplete === 'off' ? 'new-password' : autoComplete}
        />
      );
    case 'area':
      return <Textarea {...shared} rows={rows} />;
    case 'choice':
      return <NativeSelect {...shared} data={[...choices]} />;
    case 'date':
      return <TextInput {...shared} type="date" />;
    case 'text':
      return <TextInput {...shared} />;
  }
}
