/**
 * An HTTP server on 127.0.0.1 that can vanish and come back on the same port, fall silent, or
 * break every connection.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Unreachable } from './faults.js';

export type Respond = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface LoopbackServer {
  readonly url: string;
  readonly address: string;
  setUnreachable(how: Unreachable | undefined): Promise<void>;
  stop(): Promise<void>;
}

export async function listenOnLoopback(port: number, respond: Respond): Promise<LoopbackServer> {
  let unreachable: Unreachable | undefined;
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    if (unreachable === 'silent') return;
    if (unreachable === 'reset') return void request.socket.destroy();
    respond(request, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 60_000;
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const bound = await listen(server, port);
  const breakAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      breakAll();
    });
  return {
    url: `http://127.0.0.1:${bound}`,
    address: `127.0.0.1:${bound}`,
    async setUnreachable(how) {
      const was = unreachable;
      unreachable = how;
      if (how === 'refused' && server.listening) await close();
      if (how !== 'refused' && !server.listening) await listen(server, bound);
      if (how === 'reset' || was === 'silent') breakAll();
    },
    async stop() {
      if (server.listening) await close();
      breakAll();
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** The body as text, or undefined when it is larger than allowed. */
export async function readBodyText(
  request: IncomingMessage,
  limitBytes: number,
): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= limitBytes) chunks.push(chunk);
  }
  return size > limitBytes ? undefined : Buffer.concat(chunks).toString('utf8');
}
