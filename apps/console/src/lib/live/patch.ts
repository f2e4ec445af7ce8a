/**
 * A changed registry, cluster or target is read once and put into every list that shows it, so a change
 * elsewhere costs one small read and no list. What cannot be patched is handed back to be invalidated.
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

/** Returns the events that could not be applied as a patch. */
export async function patchFromEvents(
  queryClient: QueryClient,
  events: readonly ChangeEvent[],
): Promise<readonly ChangeEvent[]> {
  const latest = [...new Map(events.map((event) => [`${event.topic}/${event.id}`, event])).values()];
  if (latest.length > MAX_SINGLE_READS) return latest;
  const applied = await Promise.all(latest.map((event) => patchOne(queryClient, event)));
  return latest.filter((_, index) => !applied[index]);
}
