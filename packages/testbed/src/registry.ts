/** A real registry: Debian's docker-registry (distribution 2.8) on a loopback port. */
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  type CertificateOptions,
  createServerCertificate,
  type ServerCertificate,
} from './certificates.js';
import { startProgram, waitUntilReady } from './child-process.js';
import { freePort } from './free-port.js';
import { createTemporaryDirectory } from './temporary-directory.js';
import type { RegistryLogin } from './test-image.js';

const run = promisify(execFile);

export interface RegistryOptions {
  /** Who may pull and push; absent: everybody. */
  readonly htpasswd?: readonly RegistryLogin[];
  /** Served over TLS with a certificate of its own authority. */
  readonly tls?: CertificateOptions | true;
  /** Tokens of that realm are asked for in place of a password. */
  readonly token?: TokenRealm;
  /** A pull-through cache of that registry. */
  readonly proxyOf?: { readonly url: string; readonly login?: RegistryLogin };
  readonly port?: number;
}

export interface TokenRealm {
  readonly realm: string;
  readonly service: string;
  readonly issuer: string;
  readonly rootCertificateFile: string;
}

export interface RegistryRequest {
  readonly method: string;
  /** With the query, as sent. */
  readonly path: string;
  readonly status: number;
  readonly userAgent: string;
}

export interface Registry {
  /** `127.0.0.1:port` */
  readonly address: string;
  readonly url: string;
  readonly caCertificate?: string;
  readonly caFile?: string;
  readonly logFile: string;
  /** Every request so far, oldest first. */
  accessLog(): readonly RegistryRequest[];
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

export async function startRegistry(options: RegistryOptions = {}): Promise<Registry> {
  const directory = createTemporaryDirectory('registry');
  const port = options.port ?? (await freePort());
  const address = `127.0.0.1:${port}`;
  const tls =
    options.tls === undefined ? undefined : await certificateFor(directory.path, options.tls);
  const url = `${tls === undefined ? 'http' : 'https'}://${address}`;
  const configuration = join(directory.path, 'config.yml');
  const authentication = await authenticationOf(directory.path, options);
  // JSON is YAML.
  writeFileSync(
    configuration,
    JSON.stringify(configurationOf(directory.path, address, tls, authentication, options)),
  );
  const program = startProgram({
    name: 'docker-registry',
    command: 'docker-registry',
    args: ['serve', configuration],
    logFile: join(directory.path, 'registry.log'),
  });
  await waitUntilReady(program, async () => (await ping(url, tls?.caCertificate)) < 500, {
    timeoutMs: 20_000,
  });
  const { caCertificate, caFile } = tls ?? {};
  return {
    address,
    url,
    ...(caCertificate === undefined || caFile === undefined ? {} : { caCertificate, caFile }),
    logFile: program.logFile,
    // The first requests are our own, from waiting.
    accessLog: () => parseAccessLog(readFileSync(program.logFile, 'utf8')),
    freeze: program.freeze,
    thaw: program.thaw,
    async stop() {
      await program.stop();
      await directory.remove();
    },
  };
}

const probeAgent = 'moorage-testbed-probe';

/** Lines of the combined log format; the readiness probe's own are left out. */
export function parseAccessLog(text: string): readonly RegistryRequest[] {
  const line = /^\S+ \S+ \S+ \[[^\]]*\] "(\S+) (\S+) [^"]*" (\d+) \d+ "[^"]*" "([^"]*)"$/;
  return text
    .split('\n')
    .map((entry) => line.exec(entry))
    .filter((match) => match !== null)
    .map(([, method = '', path = '', status = '', userAgent = '']) => ({
      method,
      path,
      status: Number(status),
      userAgent,
    }))
    .filter(({ userAgent }) => userAgent !== probeAgent);
}

function certificateFor(
  directory: string,
  tls: CertificateOptions | true,
): Promise<ServerCertificate> {
  return createServerCertificate(directory, tls === true ? {} : tls);
}

async function authenticationOf(directory: string, options: RegistryOptions): Promise<unknown> {
  if (options.token !== undefined) {
    const { realm, service, issuer, rootCertificateFile } = options.token;
    return { token: { realm, service, issuer, rootcertbundle: rootCertificateFile } };
  }
  if (options.htpasswd === undefined) return undefined;
  const path = join(directory, 'htpasswd');
  const lines = await Promise.all(options.htpasswd.map(hashLogin));
  writeFileSync(path, lines.join('\n'), { mode: 0o600 });
  return { htpasswd: { realm: 'testbed', path } };
}

/** Bcrypt, the only hash that the registry accepts; cost 4 keeps tests fast. */
async function hashLogin({ username, password }: RegistryLogin): Promise<string> {
  const { stdout } = await run('htpasswd', ['-Bbn', '-C', '4', username, password]);
  return stdout.trim();
}

function configurationOf(
  directory: string,
  addr: string,
  tls: ServerCertificate | undefined,
  auth: unknown,
  { proxyOf }: RegistryOptions,
): unknown {
  const login = proxyOf?.login;
  return {
    version: 0.1,
    log: { level: 'warn', accesslog: { disabled: false } },
    storage: {
      filesystem: { rootdirectory: join(directory, 'storage') },
      delete: { enabled: true },
    },
    http: {
      addr,
      secret: 'testbed',
      ...(tls === undefined ? {} : { tls: { certificate: tls.certificateFile, key: tls.keyFile } }),
    },
    ...(auth === undefined ? {} : { auth }),
    ...(proxyOf === undefined ? {} : { proxy: { remoteurl: proxyOf.url, ...login } }),
  };
}

function ping(url: string, ca: string | undefined): Promise<number> {
  const send = ca === undefined ? httpRequest : httpsRequest;
  const settings = {
    headers: { 'user-agent': probeAgent },
    timeout: 2_000,
    ...(ca === undefined ? {} : { ca }),
  };
  return new Promise((resolve, reject) => {
    const outgoing = send(`${url}/v2/`, settings, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    outgoing.once('error', reject);
    outgoing.once('timeout', () => outgoing.destroy(new Error('timeout')));
    outgoing.end();
  });
}
