/**
 * One stream of changes for all tabs of a browser: HTTP/1.1 allows six connections to a host, and a
 * stream holds one for good. The tab that holds the lock listens and tells the others. Where the
 * browser has no locks (plain http on a network) every tab listens for itself.
 */
import type { ChangeEvent } from '@moorage/contract';

export type LiveMessage = { readonly kind: 'change'; readonly event: ChangeEvent } | LiveSignal;
type LiveSignal = { readonly kind: 'open' | 'lost' | 'reset' };

const CHANNEL = 'moorage-live';
const ASK = 'ask';
const FIRST_DELAY_MS = 1_000;
/** Above it a visitor waits longer for the stream than for the polling that stands in for it. */
const LAST_DELAY_MS = 30_000;

function delayOf(attempt: number): number {
  const exponential = Math.min(LAST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt);
  return exponential / 2 + (Math.random() * exponential) / 2;
}

function parseChange(data: string): ChangeEvent | null {
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}

/** Listens until aborted, reconnecting by itself. */
function listen(onMessage: (message: LiveMessage) => void, signal: AbortSignal): void {
  let attempt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let source: EventSource | undefined;
  const connect = () => {
    source = new EventSource('/api/v1/events');
    source.onopen = () => {
      // After a gap of our own making nothing says what was missed.
      if (attempt > 0) onMessage({ kind: 'reset' });
      attempt = 0;
      onMessage({ kind: 'open' });
    };
    const onChange = ({ data }: MessageEvent<string>) => {
      const event = parseChange(data);
      if (event !== null) onMessage({ kind: 'change', event });
    };
    source.onmessage = onChange;
    source.addEventListener('change', onChange);
    source.addEventListener('reset', () => onMessage({ kind: 'reset' }));
    source.onerror = () => {
      source?.close();
      onMessage({ kind: 'lost' });
      timer = setTimeout(connect, delayOf(attempt++));
    };
  };
  connect();
  signal.addEventListener('abort', () => {
    clearTimeout(timer);
    source?.close();
  });
}

/** Calls back for every change until aborted, whichever tab hears it. */
export function subscribeToLive(
  onMessage: (message: LiveMessage) => void,
  signal: AbortSignal,
): void {
  if (!('locks' in navigator)) {
    listen(onMessage, signal);
    return;
  }
  const channel = new BroadcastChannel(CHANNEL);
  let isOpenHere = false;
  channel.onmessage = ({ data }: MessageEvent<LiveMessage | typeof ASK>) => {
    if (data !== ASK) onMessage(data);
    else if (isOpenHere) channel.postMessage({ kind: 'open' });
  };
  // A tab that comes later hears of no change for a while; it asks whether somebody listens.
  channel.postMessage(ASK);
  signal.addEventListener('abort', () => channel.close());
  const lead = () =>
    new Promise<void>((resolve) => {
      // The lock may be granted in the moment in which this tab stops wanting it.
      if (signal.aborted) return resolve();
      signal.addEventListener('abort', () => resolve());
      listen((message) => {
        if (message.kind === 'open' || message.kind === 'lost')
          isOpenHere = message.kind === 'open';
        channel.postMessage(message);
        onMessage(message);
      }, signal);
    });
  navigator.locks.request(CHANNEL, { signal }, lead).catch(() => {
    // Aborted while waiting for the lock: this tab is going away.
  });
}
