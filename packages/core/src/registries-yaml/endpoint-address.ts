/**
 * What K3s makes of one `endpoint` text, and of a registry's name as its default endpoint.
 *
 * Sources: K3s `pkg/agent/containerd/config.go` `normalizeEndpointAddress`, containerd
 * `core/remotes/docker/registry.go` `DefaultHost`, `IsLocalhost`.
 *
 * Does not handle: RKE2's bootstrap, which has rules of its own (`bootstrap-endpoints.ts`).
 */
import { Ok, type Result } from '../result.js';
import { formatGoUrl, type GoUrl, parseGoUrl, portOf } from './go-url.js';
import type { UrlProblem } from './url-problem.js';

export const dockerHubHost = 'registry-1.docker.io';

export interface EndpointAddress {
  readonly url: string;
  readonly parsed: GoUrl;
  /** The name under which `configs` is looked up: `host[:port]`, Docker Hub as `docker.io`. */
  readonly registry: string;
  /** A path other than `/v2`: it is used as the API root, no `/v2` is added. */
  readonly overridePath: boolean;
}

/** Reads an endpoint as engine A does; `embedded` is the address of the embedded registry. */
export function normalizeEndpoint(
  written: string,
  embedded: string | null,
): Result<EndpointAddress, UrlProblem> {
  const parsed = parseGoUrl(written.includes('://') ? written : `//${written}`);
  if (!parsed.ok) {
    return parsed;
  }
  const scheme = parsed.value.scheme || impliedScheme(parsed.value.host, embedded);
  const host = parsed.value.host === 'docker.io' ? dockerHubHost : parsed.value.host;
  const registry = host === dockerHubHost ? 'docker.io' : host;
  const isPlain = ['', '/', '/v2'].includes(parsed.value.path);
  const path = isPlain ? { path: '/v2', escapedPath: '/v2' } : {};
  const url: GoUrl = { ...parsed.value, scheme, host, ...path };
  return Ok({ url: formatGoUrl(url), parsed: url, registry, overridePath: !isPlain });
}

function impliedScheme(host: string, embedded: string | null): 'http' | 'https' {
  const port = portOf(host);
  const isPlain = isLocalhost(host) && port !== '' && port !== '443' && host !== embedded;
  return isPlain ? 'http' : 'https';
}

/** containerd's test: literally `localhost`, 127.0.0.0/8 or ::1, with or without a port. */
export function isLocalhost(hostAndPort: string): boolean {
  const host = withoutPort(hostAndPort);
  return host === 'localhost' || isLoopbackAddress(host);
}

// Go's SplitHostPort fails without a port, and then the text is taken whole: `[::1]` with its
// brackets is no IP address.
function withoutPort(hostAndPort: string): string {
  const match = /^(?:\[([^\]]*)\]|([^:]*)):[^:]*$/.exec(hostAndPort);
  return match === null ? hostAndPort : (match[1] ?? match[2] ?? '');
}

function isLoopbackAddress(host: string): boolean {
  const octets = /^(?:::ffff:)?(\d+)\.(\d+)\.(\d+)\.(\d+)$/i.exec(host)?.slice(1);
  if (octets !== undefined) {
    const isValid = octets.every(
      (octet) => /^(?:0|[1-9]\d{0,2})$/.test(octet) && Number(octet) <= 255,
    );
    return isValid && octets[0] === '127';
  }
  return /^(?:::|(?:0{1,4}:){7})0{0,3}1$/.test(host);
}
