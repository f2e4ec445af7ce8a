'use client';

import { Button } from '@mantine/core';
import { useTranslations } from 'next-intl';

/** Long enough for the browser to have begun. */
const KEPT_MS = 10_000;

/** Saves a text that is on the page as a file. */
export function DownloadButton({ name, text }: { name: string; text: string }) {
  const t = useTranslations('states');
  const save = () => {
    const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
  };
  return (
    <Button variant="default" onClick={save}>
      {t('download')}
    </Button>
  );
}
