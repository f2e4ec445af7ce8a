/** Reads a `text/event-stream` as frames, for tests. */
export interface Frame {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: string;
}

export interface EventReader {
  readonly status: number;
  readonly frames: readonly Frame[];
  readonly comments: () => number;
  /** resolves when the server ends the stream */
  readonly ended: Promise<void>;
  close(): void;
}

export async function openEvents(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<EventReader> {
  const abort = new AbortController();
  const response = await fetch(url, { headers, signal: abort.signal });
  const frames: Frame[] = [];
  let comments = 0;
  const take = (text: string) => {
    const fields = new Map(
      text.split('\n').map((line) => line.split(/: (.*)/s, 2) as [string, string]),
    );
    if (text.startsWith(':')) comments += 1;
    else if (fields.has('data'))
      frames.push({
        id: fields.get('id'),
        event: fields.get('event') ?? 'message',
        data: fields.get('data') ?? '',
      });
  };
  const ended = (async () => {
    let rest = '';
    try {
      for await (const chunk of response.body ?? []) {
        rest += Buffer.from(chunk).toString('utf8');
        const parts = rest.split('\n\n');
        rest = parts.pop() ?? '';
        parts.forEach(take);
      }
    } catch {
      // closed by us
    }
  })();
  return {
    status: response.status,
    frames,
    comments: () => comments,
    ended,
    close: () => abort.abort(),
  };
}
