/** Lists: one shape for all. */
import { z } from 'zod';

export const Id = z.uuid();
export const Time = z.iso.datetime({ offset: true });

/** Query of every list; named filters are added per noun. No `.meta({id})`: it hides the parameters. */
export function listQuery<S extends z.ZodRawShape>(
  sortable: readonly [string, ...string[]],
  filters: S,
) {
  const columns = sortable.flatMap((column) => [column, `-${column}`]);
  return z.strictObject({
    limit: z.coerce.number().int().min(1).max(500).default(50),
    cursor: z.string().max(1000).optional(),
    /** column, `-column` for descending */
    sort: z.enum(columns as [string, ...string[]]).optional(),
    q: z.string().max(200).optional(),
    ...filters,
  });
}

export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().nullable(),
    total: z.number().int(),
  });
}
