'use client';

import { MantineProvider, mergeThemeOverrides } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { NuqsAdapter } from 'nuqs/adapters/next/app';
import { type ReactNode, useMemo, useState } from 'react';
import { buildQueryClient } from '../lib/query-client';
import { cssVariables, theme } from './theme';

/** The theme with the words that Mantine's own controls need. */
function useWordedTheme() {
  const t = useTranslations('states');
  const close = t('close');
  return useMemo(() => {
    const closeButtonProps = { 'aria-label': close };
    return mergeThemeOverrides(theme, {
      components: { Modal: { defaultProps: { closeButtonProps } } },
    });
  }, [close]);
}

/** What every client component relies on: theme, query cache, URL state. */
export function Providers({ nonce, children }: { nonce: string; children: ReactNode }) {
  const [queryClient] = useState(buildQueryClient);
  const worded = useWordedTheme();
  return (
    <MantineProvider
      theme={worded}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
      deduplicateInlineStyles
    >
      <QueryClientProvider client={queryClient}>
        <NuqsAdapter>{children}</NuqsAdapter>
      </QueryClientProvider>
    </MantineProvider>
  );
}
