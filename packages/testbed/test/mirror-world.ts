/**
 * Registries and mirrors for a real containerd to ask: one loopback address per name, each port
 * speaking http and https, every request written down. What a port answers is set anew for each
 * configuration, so that hundreds of them need no restart.
 */

import { mkdirSync, readFileSync } from 'node:fs';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import { createServerCertificate } from '../src/certificates.js';
import { type Answer, decodeBasic, reply, rightLogin, userOf } from './registry-answers.js';

export interface Manner {
  readonly answer: Answer;
  readonly speaks: 'http' | 'https' | 'both';
}

/** Whose authority signed: one that the machine trusts, or one that must be configured. */
export type Authority = 'public' | 'private';

export const hostNames = [
  'registry.example.com',
  'quay.io',
  'registry-1.docker.io',
  'index.docker.io',
  'mirror-a.example.com',
  'mirror-b.example.com',
  'harbor.example.com',
] as const;

export const openPorts = [80, 443, 5001] as const;
/** Nothing listens here: connections are refused. */
export const refusedPort = 5999;

export interface Sighting {
  /** `handshake`: a TLS connection that came to nothing. */
  readonly kind: 'request' | 'handshake';
  readonly method: string;
  /** For a handshake only `https://host:port`. */
  readonly url: string;
  readonly username: string | null;
  /** 0 without an answer. */
  readonly status: number;
}

export interface MirrorWorld {
  /** An address that is itself a registry's name. */
  readonly loopback: string;
  readonly hostsFile: string;
  readonly caFiles: Readonly<Record<Authority | 'stranger', string>>;
  authorityOf(host: string): Authority;
  mannerOf(host: string, port: number): Manner;
  /** Sets what ports answer, by `host:port`, and forgets what was seen. */
  arrange(manners: ReadonlyMap<string, Manner>): void;
  sightings(): readonly Sighting[];
  stop(): Promise<void>;
}

const quiet: Manner = { answer: 'missing', speaks: 'both' };
const privateHosts = new Set<string>(['mirror-b.example.com', 'harbor.example.com']);

interface Place {
  readonly host: string;
  readonly port: number;
}

class World {
  manners: ReadonlyMap<string, Manner> = new Map();
  seen: Sighting[] = [];
  readonly sockets = new Set<Socket>();
  readonly places = new WeakMap<Socket, Place>();
  readonly http = createHttpServer((request, response) => this.answer(request, response));

  constructor(readonly contexts: Readonly<Record<Authority, SecureContext>>) {
    this.http.keepAliveTimeout = 60_000;
  }

  mannerOf(place: Place): Manner {
    return this.manners.get(`${place.host}:${place.port}`) ?? quiet;
  }

  listen(address: string, place: Place): Promise<Server> {
    const server = createServer((socket) => this.accept(socket, place));
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(place.port, address, () => resolve(server));
    });
  }

  accept(socket: Socket, place: Place): void {
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.once('data', (bytes) => {
      socket.pause();
      socket.unshift(bytes);
      // 22: a TLS record with a handshake (RFC 8446 section 5.1).
      if (bytes[0] === 22) this.secure(socket, place);
      else this.hand(socket, place);
    });
  }

  secure(socket: Socket, place: Place): void {
    // Replaced when the handshake ends well: what is left is one that failed.
    const failed: Sighting = {
      kind: 'handshake',
      method: '',
      url: `https://${place.host}:${place.port}`,
      username: null,
      status: 0,
    };
    this.seen.push(failed);
    if (this.mannerOf(place).speaks === 'http') {
      // As Go's server greets TLS on a plain port.
      socket.end('HTTP/1.0 400 Bad Request\r\n\r\n');
      return;
    }
    const secureContext = this.contexts[authorityOf(place.host)];
    const secured = new TLSSocket(socket, { isServer: true, secureContext });
    secured.on('error', () => secured.destroy());
    secured.once('secure', () => {
      this.seen = this.seen.filter((sighting) => sighting !== failed);
      this.hand(secured, place);
    });
  }

  hand(socket: Socket, place: Place): void {
    this.places.set(socket, place);
    this.http.emit('connection', socket);
    // A plain one was paused for its first byte to be looked at.
    socket.resume();
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    const place = this.places.get(request.socket);
    if (place === undefined) throw new Error('a connection from nowhere');
    const isSecure = request.socket instanceof TLSSocket;
    const origin = `${isSecure ? 'https' : 'http'}://${request.headers.host ?? ''}`;
    const manner = this.mannerOf(place);
    const { pathname } = new URL(request.url ?? '/', origin);
    if (pathname === '/token') {
      void this.giveToken(request, response, `${origin}${request.url}`, manner);
      return;
    }
    const authorization = request.headers.authorization ?? '';
    if (!isSecure && manner.speaks === 'https') response.writeHead(400).end();
    else reply(request, response, { answer: manner.answer, origin, pathname, authorization });
    const { statusCode } = response;
    const status = response.headersSent ? statusCode : 0;
    this.see(request, `${origin}${request.url}`, userOf(authorization), status);
  }

  see(request: IncomingMessage, url: string, username: string | null, status: number): void {
    this.seen.push({ kind: 'request', method: request.method ?? '', url, username, status });
  }

  async giveToken(
    request: IncomingMessage,
    response: ServerResponse,
    url: string,
    { answer }: Manner,
  ): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const form = new URLSearchParams(Buffer.concat(parts).toString());
    const basic = decodeBasic(request.headers.authorization ?? '');
    const [username, password] = basic ?? [form.get('username'), form.get('password')];
    const isRight = username === rightLogin.username && password === rightLogin.password;
    const isGiven = isRight || (username === null && answer === 'token-open');
    this.see(request, url, username, isGiven ? 200 : 401);
    if (!isGiven) {
      response.writeHead(401).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    // Says whose it is: a token is kept and used without being asked for again.
    const token = `entry-${username ?? ''}`;
    response.end(JSON.stringify({ token, access_token: token }));
  }
}

function authorityOf(host: string): Authority {
  return privateHosts.has(host) ? 'private' : 'public';
}

export async function startMirrorWorld(directory: string): Promise<MirrorWorld> {
  // A net of its own for each process: two runs on one machine do not meet.
  const net = `127.${100 + (process.pid % 100)}.${1 + (Math.floor(process.pid / 100) % 250)}`;
  const loopback = `${net}.100`;
  const names: readonly string[] = [...hostNames, loopback];
  const authority = async (name: string) => {
    mkdirSync(join(directory, name));
    const options = { names: hostNames, addresses: [loopback] };
    return createServerCertificate(join(directory, name), options);
  };
  const [pub, priv, stranger] = await Promise.all(['public', 'private', 'stranger'].map(authority));
  if (!pub || !priv || !stranger) throw new Error('three authorities were asked for');
  const contextOf = ({ certificateFile, keyFile }: typeof pub) =>
    createSecureContext({ cert: readFileSync(certificateFile), key: readFileSync(keyFile) });
  const world = new World({ public: contextOf(pub), private: contextOf(priv) });
  const addressed = names.map((host, index) => ({
    host,
    address: host === loopback ? loopback : `${net}.${index + 1}`,
  }));
  const servers = await Promise.all(
    addressed.flatMap(({ host, address }) =>
      openPorts.map((port) => world.listen(address, { host, port })),
    ),
  );
  return {
    loopback,
    hostsFile: `127.0.0.1 localhost\n${addressed.map(({ host, address }) => `${address} ${host}\n`).join('')}`,
    caFiles: { public: pub.caFile, private: priv.caFile, stranger: stranger.caFile },
    authorityOf,
    mannerOf: (host, port) => world.mannerOf({ host, port }),
    arrange(manners) {
      world.manners = manners;
      world.seen = [];
    },
    sightings: () => [...world.seen],
    async stop() {
      for (const socket of world.sockets) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
    },
  };
}
