/**
 * Hands every request that is not the API's to Next, in this process. The scope below takes no body
 * apart (Next gets the untouched stream) and does not decide anything: every check is in the API,
 * which the console's pages call over HTTP with the visitor's own session.
 *
 * Each page gets a Content-Security-Policy with a fresh nonce. Next reads the nonce from the request's
 * `content-security-policy` header, our layout from `x-nonce`; both are set here and never taken from
 * outside, like Next's internal headers, which are dropped (CVE-2025-29927).
 */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

// CommonJS: its module is the function itself, which its types call `default`.
const createNext = createRequire(import.meta.url)('next') as typeof import('next').default;
type NextServer = ReturnType<typeof createNext>;

const INTERNAL_HEADERS =
  /^(x-middleware-|x-nextjs-|x-now-|x-matched-path$|x-invoke-|x-nonce$|content-security-policy|forwarded$|x-forwarded-)/;

/** One sentence for the terminal. */
export class ConsoleNotBuilt extends Error {
  override readonly name = 'ConsoleNotBuilt';
}

/** Starts Next on the built console. Throws `ConsoleNotBuilt`. */
export async function prepareConsole(port: number): Promise<NextServer> {
  const dir = dirname(createRequire(import.meta.url).resolve('@moorage/console/package.json'));
  if (!existsSync(join(dir, '.next', 'BUILD_ID')))
    throw new ConsoleNotBuilt(
      'The console is not built: run npm run build, or start with MOORAGE_CONSOLE=off.',
    );
  // 'localhost': with an IP address Next's rewrites redirect in a loop.
  const server = createNext({ dev: false, dir, hostname: 'localhost', port });
  await server.prepare();
  return server;
}

/** Call after the API's routes are known and before `listen`. */
export async function handOverPages(
  server: FastifyInstance,
  consoleServer: NextServer,
  secure: boolean,
): Promise<void> {
  const handle = consoleServer.getRequestHandler();
  await server.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, parsed) => parsed(null));
    scope.route({
      method: ['GET', 'HEAD'],
      url: '/*',
      handler: (request, reply) => servePage(request, reply, { handle, secure }),
    });
    done();
  });
}

interface PageServing {
  readonly handle: ReturnType<NextServer['getRequestHandler']>;
  readonly secure: boolean;
}

async function servePage(
  request: FastifyRequest,
  reply: FastifyReply,
  { handle, secure }: PageServing,
): Promise<void> {
  reply.hijack();
  const nonce = randomBytes(16).toString('base64');
  const policy = contentSecurityPolicy(nonce, secure);
  for (const name of Object.keys(request.raw.headers)) {
    if (INTERNAL_HEADERS.test(name)) delete request.raw.headers[name];
  }
  request.raw.headers['content-security-policy'] = policy;
  request.raw.headers['x-nonce'] = nonce;
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) reply.raw.setHeader(name, value);
  reply.raw.setHeader('content-security-policy', policy);
  if (secure) reply.raw.setHeader('strict-transport-security', 'max-age=31536000');
  await handle(request.raw, reply.raw);
}

/** Styles: Mantine sets positions in style attributes, which a nonce cannot cover (CSP 3). */
export function contentSecurityPolicy(nonce: string, secure: boolean): string {
  const directives = [
    `default-src 'none'`,
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'`,
    // The checker runs beside the page. Left out, browsers differ in what strict-dynamic means for it.
    `worker-src 'self'`,
    `style-src 'self' 'nonce-${nonce}'`,
    `style-src-attr 'unsafe-inline'`,
    `img-src 'self' data:`,
    `font-src 'self'`,
    `connect-src 'self'`,
    `manifest-src 'self'`,
    `base-uri 'none'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
  ];
  return [...directives, ...(secure ? ['upgrade-insecure-requests'] : [])].join('; ');
}
