'use client';

import { Button } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState } from 'react';

const SHOWN_MS = 2_000;

/** Copies a text and says so. */
export function CopyButton({ text }: { text: string }) {
  const t = useTranslations('states');
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), SHOWN_MS);
  };
  return (
    <Button variant="default" onClick={() => void copy()} aria-live="polite">
      {copied ? t('copied') : t('copy')}
    </Button>
  );
}
