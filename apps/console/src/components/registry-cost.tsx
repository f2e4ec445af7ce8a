'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Input } from '../lib/operations';
import { read } from '../lib/reads';
import { ChangeCost } from './change-cost';

type Change = NonNullable<Input<'previewNodeConfig'>['body']['registry']>;

/** What a change of a registry or its login costs the nodes; nothing is said where they notice nothing. */
export function RegistryCost({ env, address, change }: Change & { env: string }) {
  const { data } = useQuery({
    ...read('previewNodeConfig', { env, body: { registry: { address, change } } }),
    placeholderData: keepPreviousData,
  });
  if (data === undefined || data.cost === 'none') return null;
  return <ChangeCost cost={data.cost} costWithAgent={data.costWithAgent} />;
}
