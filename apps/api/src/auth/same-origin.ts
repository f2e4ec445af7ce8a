/**
 * Whether an unsafe request with a cookie comes from our own pages (Fetch Metadata, W3C; Origin,
 * RFC 6454). Browsers cannot forge either header. A request with neither is no browser's: every
 * browser sends Origin with a cross-origin POST, and the cookie is SameSite=Lax besides.
 */
export interface OriginHeaders {
  readonly secFetchSite: string | undefined;
  readonly origin: string | undefined;
  /** scheme and authority under which the caller reached us */
  readonly ownOrigins: readonly string[];
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

export function isCrossSite(method: string, headers: OriginHeaders): boolean {
  if (SAFE_METHODS.has(method)) return false;
  // 'same-site' is refused too: another sub-domain is not us.
  if (headers.secFetchSite !== undefined) return headers.secFetchSite !== 'same-origin';
  return headers.origin !== undefined && !headers.ownOrigins.includes(headers.origin);
}
