import 'server-only';
import { cookies } from 'next/headers';
import { call } from './api';
import { apiOrigin } from './env';
import type { Input, OperationId, Reply } from './operations';

/** The API with the visitor's own cookie: a page can never show more than its visitor may see. */
export async function callFromServer<O extends OperationId>(
  operation: O,
  input: Input<O>,
): Promise<Reply<O>> {
  const cookie = (await cookies()).toString();
  return call(operation, input, { baseUrl: `${apiOrigin()}/api/v1`, headers: { cookie } });
}
