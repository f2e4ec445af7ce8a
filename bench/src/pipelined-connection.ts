/**
 * One raw socket that speaks just enough HTTP/1.1 to write prebuilt requests one behind the other
 * and to count the replies: status line, `Content-Length` or chunked bodies, which are thrown away.
 * It is the cheapest client we can write, so that what a benchmark measures is the server, and so
 * that the floor is a floor. It does not handle trailers, `100 Continue`, or replies to HEAD.
 */
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

export interface Address {
  readonly host: string;
  readonly port: number;
  /** The CA of a TLS server; undefined = plain TCP. */
  readonly caCertificate?: string | undefined;
}

export type OnReply = (status: number) => void;

const headEnd = Buffer.from('\r\n\r\n');
const lineEnd = Buffer.from('\r\n');
const connectTimeoutMs = 10_000;

export class PipelinedConnection {
  readonly #socket: Socket;
  readonly #waiting: OnReply[] = [];
  #rest: Buffer = Buffer.alloc(0);

  private constructor(
    socket: Socket,
    private readonly onBroken: (error: Error) => void,
  ) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', (error) => this.onBroken(error));
    socket.on('close', () => {
      if (this.#waiting.length > 0) this.onBroken(new Error('the server closed the connection'));
    });
  }

  static async open(
    address: Address,
    onBroken: (error: Error) => void,
  ): Promise<PipelinedConnection> {
    const { host, port, caCertificate: ca } = address;
    const socket =
      ca === undefined
        ? connectTcp({ host, port, noDelay: true })
        : connectTls({ host, port, ca, ALPNProtocols: ['http/1.1'] });
    socket.setNoDelay(true);
    await new Promise<void>((resolve, reject) => {
      socket.setTimeout(connectTimeoutMs, () => reject(new Error(`no answer from port ${port}`)));
      socket.once('error', reject);
      socket.once(ca === undefined ? 'connect' : 'secureConnect', resolve);
    });
    socket.setTimeout(0);
    return new PipelinedConnection(socket, onBroken);
  }

  send(request: Buffer, onReply: OnReply): void {
    this.#waiting.push(onReply);
    this.#socket.write(request);
  }

  close(): void {
    this.#waiting.length = 0;
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const reply = takeReply(this.#rest);
      if (reply === null) return;
      this.#rest = this.#rest.subarray(reply.length);
      this.#waiting.shift()?.(reply.status);
    }
  }
}

interface Taken {
  readonly status: number;
  readonly length: number;
}

/** The first whole reply in the buffer, or null when more has to arrive. */
export function takeReply(buffer: Buffer): Taken | null {
  const end = buffer.indexOf(headEnd);
  if (end < 0) return null;
  const head = buffer.toString('latin1', 0, end);
  const status = Number(head.slice(9, 12));
  const bodyStart = end + headEnd.length;
  const length = bodyLength(head, status, buffer, bodyStart);
  if (length === null || buffer.length < bodyStart + length) return null;
  return { status, length: bodyStart + length };
}

function bodyLength(head: string, status: number, buffer: Buffer, start: number): number | null {
  if (status === 204 || status === 304) return 0;
  const [, digits] = /\r\ncontent-length: *(\d+)/i.exec(head) ?? [];
  if (digits !== undefined) return Number(digits);
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) return chunkedLength(buffer, start);
  throw new Error(`a reply without a length: ${head.slice(0, 200)}`);
}

/** RFC 9112 section 7.1, without trailers. Null while the last chunk is not there. */
function chunkedLength(buffer: Buffer, start: number): number | null {
  let at = start;
  for (;;) {
    const end = buffer.indexOf(lineEnd, at);
    if (end < 0) return null;
    const size = Number.parseInt(buffer.toString('latin1', at, end), 16);
    if (Number.isNaN(size)) throw new Error('a chunk without a size');
    at = end + lineEnd.length + size + lineEnd.length;
    if (at > buffer.length) return null;
    if (size === 0) return at - start;
  }
}
