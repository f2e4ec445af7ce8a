'use client';

import { Radio } from '@mantine/core';
import classes from './policy.module.css';

interface Choice {
  readonly value: string;
  readonly label: string;
  /** what it does */
  readonly hint: string;
}

/** One of a few, each with what it does. */
export function RadioChoice({
  label,
  isLabelHidden = false,
  choices,
  value,
  onChange,
}: {
  label: string;
  isLabelHidden?: boolean;
  choices: readonly Choice[];
  value: string;
  onChange: (value: string) => void;
}) {
  return (
    <Radio.Group
      {...(isLabelHidden ? { 'aria-label': label } : { label })}
      value={value}
      onChange={onChange}
    >
      <div className={`stack-tight ${classes.choices}`}>
        {choices.map((choice) => (
          <Radio
            key={choice.value}
            value={choice.value}
            label={choice.label}
            description={choice.hint}
            classNames={{ label: classes.radioLabel ?? '' }}
          />
        ))}
      </div>
    </Radio.Group>
  );
}

/** What is chosen, for those who cannot choose. */
export function Chosen({ label, hint }: Choice) {
  return (
    <p className="two-lines">
      <strong>{label}</strong>
      <small>{hint}</small>
    </p>
  );
}
