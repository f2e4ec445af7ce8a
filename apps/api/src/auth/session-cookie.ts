/** The session cookie: an opaque 256-bit token; the database holds its SHA-256 only. */
import { createHash, randomBytes } from 'node:crypto';
import { SecretText } from '@moorage/core';

/** Signed in for a week at most (NIST SP 800-63B AAL1 allows 30 days), a day without use. */
export const SESSION_MAX_SECONDS = 7 * 24 * 3600;
export const SESSION_IDLE_SECONDS = 24 * 3600;

export function createSessionToken(): { readonly token: SecretText; readonly tokenHash: Buffer } {
  const token = randomBytes(32).toString('base64url');
  return { token: SecretText.of(token), tokenHash: hashSessionToken(token) };
}

export function hashSessionToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** `__Host-`: the browser then insists on Secure, our exact host and Path=/ (RFC 6265bis). */
export function cookieName(secure: boolean): string {
  return secure ? '__Host-moorage-session' : 'moorage-session';
}

/** The token, or null. Reads one cookie of our own alphabet; RFC 6265 section 4.2.1 gives the shape. */
export function readSessionCookie(header: string | undefined, secure: boolean): string | null {
  const name = cookieName(secure);
  for (const pair of (header ?? '').split(';')) {
    const [key, value] = pair.trim().split('=', 2);
    if (key === name) return value !== undefined && /^[\w-]{43}$/.test(value) ? value : null;
  }
  return null;
}

/** The Set-Cookie value; null ends the session in the browser. */
export function formatSessionCookie(token: SecretText | null, secure: boolean): string {
  const parts = [
    `${cookieName(secure)}=${token?.reveal() ?? ''}`,
    'Path=/',
    'HttpOnly',
    'SameSite=Lax',
    `Max-Age=${token === null ? 0 : SESSION_MAX_SECONDS}`,
  ];
  return (secure ? [...parts, 'Secure'] : parts).join('; ');
}
