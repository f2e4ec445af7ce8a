'use client';

import classes from './filter-chips.module.css';

interface Chip {
  readonly value: string;
  readonly label: string;
}

/** One of a few filters; which one is on is said to screen readers too. */
export function FilterChips({
  label,
  chips,
  value,
  onChange,
}: {
  label: string;
  chips: readonly Chip[];
  value: string;
  onChange: (value: string) => void;
}) {
  return (
    <fieldset className={classes.chips}>
      <legend className="visually-hidden">{label}</legend>
      {chips.map((chip) => (
        <button
          key={chip.value}
          type="button"
          className={classes.chip}
          aria-pressed={chip.value === value}
          onClick={() => onChange(chip.value)}
        >
          {chip.label}
        </button>
      ))}
    </fieldset>
  );
}
