/**
 * A changed registry, cluster or target is read once and put into every list that shows it, so a change
 * elsewhere costs one small read and no list. What cannot be patched is left to be read again.
 */
import type { ChangeEvent } from '@moorage/contract';
import type { QueryClient } from '@tanstack/react-query';
import { call } from '../api';
import type { OperationId } from '../operations';

/** More changes than this at once are cheaper as one read of the list. */
const MAX_SINGLE_READS = 5;

interface Patchable {
  readonly list: OperationId;
  readonly one: OperationId;
  readonly load: (env: string, id: string) => Promise<{ readonly id: string }>;
}

const PATCHABLE: Readonly<Partial<Record<ChangeEvent['topic'], Patchable>>> = {
  registries: {
    list: 'listRegistries',
    one: 'getRegistry',
    load: (env, registryId) => call('getRegistry', { env, registryId }),
  },
  clusters: {
    list: 'listClusters',
    one: 'getCluster',
    load: (_, clusterId) => call('getCluster', { clusterId }),
  },
  targets: {
    list: 'listTargets',
    one: 'getTarget',
    load: (env, targetId) => call('getTarget', { env, targetId }),
  },
};

interface ListData {
  readonly items: readonly { readonly id: string }[];
}

function isListWith(data: unknown, id: string): data is ListData {
  const items = (data as ListData | undefined)?.items; // cache entries are untyped; the shape is checked
  return Array.isArray(items) && items.some((item: { id?: unknown }) => item.id === id);
}

/** Puts one fresh object into the lists and details that hold it; false when none does. */
function put(queryClient: QueryClient, patch: Patchable, fresh: { readonly id: string }): boolean {
  const entries = queryClient.getQueryCache().findAll({ queryKey: [patch.list] });
  const lists = entries.filter(({ state }) => isListWith(state.data, fresh.id));
  for (const { queryKey } of lists) {
    queryClient.setQueryData(queryKey, (old: ListData | undefined) =>
      old === undefined
        ? old
        : { ...old, items: old.items.map((item) => (item.id === fresh.id ? fresh : item)) },
    );
  }
  const details = queryClient.getQueryCache().findAll({ queryKey: [patch.one] });
  for (const { queryKey, state } of details) {
    if ((state.data as { id?: string } | undefined)?.id === fresh.id)
      queryClient.setQueryData(queryKey, fresh);
  }
  return lists.length > 0;
}

async function patchOne(queryClient: QueryClient, event: ChangeEvent): Promise<boolean> {
  const patch = PATCHABLE[event.topic];
  if (patch === undefined || event.kind !== 'updated') return false;
  try {
    return put(queryClient, patch, await patch.load(event.environmentId ?? '', event.id));
  } catch {
    // Gone or not ours any more: reading the list again tells.
    return false;
  }
}

export interface PatchOutcome {
  /** what was brought up to date in place and must not be read again for these events */
  readonly fresh: ReadonlySet<OperationId>;
}

/** Applies what can be applied; a noun counts as fresh only if every change of it was. */
export async function patchFromEvents(
  queryClient: QueryClient,
  events: readonly ChangeEvent[],
): Promise<PatchOutcome> {
  const latest = [
    ...new Map(events.map((event) => [`${event.topic}/${event.id}`, event])).values(),
  ];
  if (latest.length > MAX_SINGLE_READS) return { fresh: new Set() };
  const applied = await Promise.all(latest.map((event) => patchOne(queryClient, event)));
  const missed = new Set(latest.filter((_, index) => !applied[index]).map(({ topic }) => topic));
  const fresh = latest.flatMap(({ topic }) => {
    const patch = missed.has(topic) ? undefined : PATCHABLE[topic];
    return patch === undefined ? [] : [patch.list, patch.one];
  });
  return { fresh: new Set(fresh) };
}
