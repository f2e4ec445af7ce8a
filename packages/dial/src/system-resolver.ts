import { lookup } from 'node:dns/promises';
import type { Resolve, ResolvedAddress } from './dial-policy.js';

// `getaddrinfo` holds one of libuv's four threads until it answers, and files and password hashes
// wait for the same threads. Calls for one host that come while an answer is awaited share it, so
// a thousand checks of one dead name hold one thread. Nothing is kept after the answer.
const underWay = new Map<string, Promise<readonly ResolvedAddress[]>>();

/** The system's resolver, all families, in the order that it prefers. */
export const systemResolve: Resolve = (host) => {
  const known = underWay.get(host);
  if (known !== undefined) return known;
  const answer = ask(host).finally(() => underWay.delete(host));
  underWay.set(host, answer);
  return answer;
};

async function ask(host: string): Promise<readonly ResolvedAddress[]> {
  const found = await lookup(host, { all: true, verbatim: true });
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
}
