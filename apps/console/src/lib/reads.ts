/**
 * Reads as TanStack queries. The key is the operation with its input, so the server can fill the same
 * entry by its own way to the API, and live events can find every entry of a noun.
 */
import { call } from './api';
import type { Input, OperationId, Reply } from './operations';

export interface Read<O extends OperationId = OperationId> {
  readonly queryKey: readonly [O, Input<O>];
  readonly queryFn: () => Promise<Reply<O>>;
}

export function read<O extends OperationId>(operation: O, input: Input<O>): Read<O> {
  return { queryKey: [operation, input], queryFn: () => call(operation, input) };
}
