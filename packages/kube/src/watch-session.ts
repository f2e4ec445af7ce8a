/**
 * One watch of one cache: lines to events, silence, early end. Ends in `null` (the server closed
 * it in good order) or in the error that ended it; throws only `Aborted`.
 */
import { maxEventBytes } from './client-limits.js';
import type { KubeClock } from './clock.js';
import type { KubeClient } from './kube-client.js';
import { isKubeError, KubeError } from './kube-error.js';
import { LineSplitter } from './line-splitter.js';
import { SilenceGuard } from './silence-guard.js';
import { parseWatchEvent, type WatchEvent } from './watch-event.js';
import { wireError } from './wire-error.js';

export interface WatchSessionOptions {
  readonly path: string;
  readonly selection: {
    readonly labelSelector?: string;
    readonly fieldSelector?: string;
    readonly projection?: 'object' | 'metadata';
  };
  readonly resourceVersion: string;
  readonly timeoutSeconds: number;
  readonly silenceMs: number;
  readonly clock: KubeClock;
  readonly current: AbortController;
  readonly onOpen: () => void;
  readonly onEvent: (event: Exclude<WatchEvent, { type: 'error' }>) => void;
}

/** A watch that ends sooner than this without news is a failure, not a life. */
const shortWatchMs = 1_000;

export async function runWatchSession(
  client: KubeClient,
  options: WatchSessionOptions,
): Promise<KubeError | null> {
  const { path, clock, current } = options;
  const operation = { verb: 'watch', path } as const;
  const startedAt = clock.now();
  let events = 0;
  let failure: KubeError | null = null;
  const guard = new SilenceGuard(clock, options.silenceMs, () => current.abort());
  const lines = new LineSplitter(maxEventBytes, (line) => {
    // What follows an error is not to be trusted.
    if (failure !== null) return;
    const event = parseWatchEvent(line, operation);
    if (event.type === 'error') {
      failure = event.error;
      return;
    }
    events += 1;
    guard.heard();
    options.onEvent(event);
  });
  try {
    await client.watch(path, {
      ...options.selection,
      resourceVersion: options.resourceVersion,
      timeoutSeconds: options.timeoutSeconds,
      signal: current.signal,
      onOpen: options.onOpen,
      onBytes: (chunk) => {
        lines.push(chunk);
        if (failure !== null) current.abort();
      },
    });
  } catch (error) {
    if (failure !== null) return failure;
    if (guard.isSilent) return silent(options);
    if (isKubeError(error, 'Aborted') || isKubeError(error, 'Closed')) throw error;
    return wireError(error, operation);
  } finally {
    guard.stop();
  }
  if (failure !== null) return failure;
  return events === 0 && clock.now() - startedAt < shortWatchMs ? endedAtOnce(options) : null;
}

function silent({ path, silenceMs }: WatchSessionOptions): KubeError {
  return new KubeError({
    reason: 'WatchSilent',
    operation: { verb: 'watch', path },
    message: `watch ${path}: no event and no bookmark for ${silenceMs} ms`,
  });
}

function endedAtOnce({ path }: WatchSessionOptions): KubeError {
  return new KubeError({
    reason: 'ConnectionReset',
    operation: { verb: 'watch', path },
    message: `watch ${path}: the server ended the watch at once`,
  });
}
