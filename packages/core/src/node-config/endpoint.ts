/**
 * A mirror's endpoint as it may be written to nodes: `[scheme://]host[:port][/path]`, and nothing
 * that K3s would paste unescaped into `hosts.toml` with another meaning.
 *
 * Does not handle: whether the endpoint answers; that is the verification's job.
 */
export interface NodeEndpoint {
  /** As it is written to nodes; scheme and host in lower case, the path as given. */
  readonly text: string;
  readonly scheme: 'http' | 'https';
  /** `host[:port]` as written. */
  readonly host: string;
  readonly path: string;
}

const grammar =
  /^(?:(https?):\/\/)?((?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?)(\/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?$/i;

/** Reads an endpoint; null when nodes could not be given it safely. */
export function parseNodeEndpoint(written: string): NodeEndpoint | null {
  const match = grammar.exec(written);
  if (match === null) {
    return null;
  }
  const [, scheme, hostAndPort = '', port, path = ''] = match;
  if (port !== undefined && Number(port) > 65_535) {
    return null;
  }
  const host = hostAndPort.toLowerCase();
  const effective = scheme?.toLowerCase() === 'http' ? 'http' : 'https';
  const implied = scheme === undefined && isPlainLoopback(host) ? 'http' : effective;
  const prefix = scheme === undefined ? '' : `${effective}://`;
  return { text: `${prefix}${host}${path}`, scheme: implied, host, path };
}

/** `host[:port]` with the scheme's own port left out: equal origins give equal text. */
export function originOf(endpoint: Pick<NodeEndpoint, 'scheme' | 'host'>): string {
  const ownPort = endpoint.scheme === 'https' ? ':443' : ':80';
  const host = endpoint.host.endsWith(ownPort)
    ? endpoint.host.slice(0, -ownPort.length)
    : endpoint.host;
  return `${endpoint.scheme}://${host}`;
}

/** True where nodes speak http without being told: loopback with a port other than 443. */
export function isPlainLoopback(hostAndPort: string): boolean {
  const match = /^(localhost|127(?:\.[0-9]{1,3}){3}|\[::1\]):([0-9]+)$/.exec(hostAndPort);
  return match !== null && match[2] !== '443';
}
