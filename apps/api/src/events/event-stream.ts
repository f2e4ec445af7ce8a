/**
 * One open `text/event-stream` (WHATWG HTML, server-sent events): frames on a raw response. A reader
 * that does not keep up is cut off; it comes back with Last-Event-ID and misses nothing.
 */
import type { ServerResponse } from 'node:http';
import type { ChangeEvent } from '@moorage/contract';
import type { CommittedChange } from './committed-change.js';

/** Some thousand events; what a console that sleeps may pile up before it is cut off. */
const MAX_BUFFERED_BYTES = 256 * 1024;

export class EventStream {
  constructor(private readonly response: ServerResponse) {}

  open(headers: Readonly<Record<string, string>>): void {
    this.response.writeHead(200, {
      ...headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no', // nginx would hold events back
    });
    this.#write('retry: 2000\n\n');
  }

  send(change: CommittedChange): void {
    const { topic, kind, environmentId, clusterId, objectId: id, version } = change;
    const data: ChangeEvent = { topic, kind, environmentId, clusterId, id, version };
    this.#write(`id: ${change.position.id}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** From here a later Last-Event-ID resumes, also when nothing has happened yet. */
  mark(id: number): void {
    this.#write(`id: ${id}\nevent: ready\ndata: {}\n\n`);
  }

  /** What was missed is no longer known: read all again. */
  reset(): void {
    this.#write('event: reset\ndata: {}\n\n');
  }

  heartbeat(): void {
    this.#write(': still here\n\n');
  }

  close(): void {
    this.response.end();
  }

  #write(frame: string): void {
    if (this.response.writableEnded || this.response.destroyed) return;
    if (this.response.writableLength > MAX_BUFFERED_BYTES) this.response.destroy();
    else this.response.write(frame);
  }
}
