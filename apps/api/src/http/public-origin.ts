/**
 * The address under which people reach us, for links: `MOORAGE_PUBLIC_URL`, or what the caller itself
 * has used.
 */
import type { FastifyRequest } from 'fastify';
import type { Env } from '../config/env.js';
import { Problem } from './problem.js';

/** A host as it may stand in a link that is pasted into a shell; a Host header can be anything. */
const PLAIN_HOST = /^(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?$/;

/** Without a slash at its end. */
export function publicOrigin(
  { publicUrl }: Pick<Env, 'publicUrl'>,
  request: Pick<FastifyRequest, 'headers' | 'protocol'>,
): string {
  if (publicUrl !== undefined) return publicUrl;
  const { host } = request.headers;
  if (host !== undefined && PLAIN_HOST.test(host)) return `${request.protocol}://${host}`;
  throw new Problem('request.invalid', 'Set MOORAGE_PUBLIC_URL: the Host of this request is none.');
}
