import { defaultRequestTimeoutMs, maxReplyBytes } from './client-limits.js';
import type { WatchOptions } from './client-options.js';
import { DowngradedError, ReplyTooLargeError, type StreamEnd, stream } from './exchange.js';
import type { KubeError, KubeOperation } from './kube-error.js';
import { selectionQuery, withQuery } from './request-query.js';
import type { RequestRunner } from './request-runner.js';
import { statusError } from './status-error.js';

/**
 * One watch from its start to its end. Takes no slot: a watch is idle for minutes. Its life is
 * bounded by the server (`timeoutSeconds`) and by whoever holds `signal`.
 */
export async function runWatch(
  runner: RequestRunner,
  path: string,
  options: WatchOptions,
): Promise<void> {
  const operation: KubeOperation = { verb: 'watch', path };
  const startedAt = runner.clock.now();
  const refusal: Buffer[] = [];
  let refusalBytes = 0;
  let error: KubeError | null = null;
  let status: number | null = null;
  try {
    const end = await open(runner, path, options, (chunk, replyStatus) => {
      if (replyStatus === 200) {
        options.onBytes(chunk);
        return;
      }
      refusalBytes += chunk.length;
      if (refusalBytes > maxReplyBytes) throw new ReplyTooLargeError('refusal too long');
      refusal.push(chunk);
    });
    status = end.status;
    if (end.status !== 200) {
      error = statusError({ ...end, body: Buffer.concat(refusal) }, operation);
    }
  } catch (cause) {
    error = runner.nameError(cause, operation);
  }
  runner.record(operation, startedAt, status, error);
  if (error !== null) throw error;
}

async function open(
  runner: RequestRunner,
  path: string,
  options: WatchOptions,
  onChunk: (chunk: Buffer, status: number) => void,
): Promise<StreamEnd> {
  const request = {
    method: 'GET',
    path: runner.pathOf(withQuery(path, watchQuery(options))),
    headers: runner.headers.of(null, options.projection === 'metadata' ? 'object' : undefined),
    body: null,
  } as const;
  const bounds = {
    timeoutMs: defaultRequestTimeoutMs,
    totalTimeoutMs: null,
    onHead: (status: number) => {
      if (status === 200) options.onOpen?.();
    },
    signal: AbortSignal.any([options.signal, runner.closing.signal]),
    onChunk,
  };
  for (let isRepeated = false; ; isRepeated = true) {
    const { dispatcher, done } = runner.transport.forWatch();
    try {
      return await stream(dispatcher, request, bounds);
    } catch (error) {
      if (isRepeated || !(error instanceof DowngradedError)) throw error;
      runner.transport.useHttp1();
    } finally {
      done();
    }
  }
}

function watchQuery(options: WatchOptions): URLSearchParams {
  const query = selectionQuery(options);
  query.set('watch', 'true');
  query.set('allowWatchBookmarks', 'true');
  query.set('resourceVersion', options.resourceVersion);
  query.set('timeoutSeconds', String(options.timeoutSeconds));
  return query;
}
