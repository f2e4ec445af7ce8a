'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { NodeFormat } from '../../../lib/node-formats';
import type { DraftMirrors } from '../loaders';
import { nodeConfigOf, previewOf } from '../loaders';

/**
 * What nodes read, or would read with a draft. While a draft's answer is on its way the last one stays;
 * before the first it is what is stored.
 */
export function useNodeConfig(env: string, format: NodeFormat, draft: DraftMirrors | null) {
  const stored = useQuery({
    ...nodeConfigOf(env, format),
    placeholderData: keepPreviousData,
  });
  const preview = useQuery({
    ...previewOf(env, format, draft ?? []),
    enabled: draft !== null,
    placeholderData: keepPreviousData,
  });
  return { stored, preview: draft === null ? null : preview };
}
