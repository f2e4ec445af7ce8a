'use client';

import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';

/** Longer than the pause between two keys of a quick typist. */
const SETTLED_AFTER_MS = 250;

/** Filters a list as one types; `/` anywhere on the page goes here. */
export function SearchBox({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
}) {
  const settle = useDebouncedCallback(onChange, SETTLED_AFTER_MS);
  return (
    <TextInput
      type="search"
      data-filter
      aria-label={label}
      placeholder={label}
      defaultValue={value}
      leftSection={<IconSearch size={14} aria-hidden />}
      onChange={(event) => settle(event.currentTarget.value)}
      w={220}
    />
  );
}
