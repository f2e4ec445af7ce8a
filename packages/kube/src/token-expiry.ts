/**
 * When a JWT says that it ends (`exp`, RFC 7519 section 4.1.4), or null for any other token.
 * A hint: nothing is verified here, the API server does that.
 */
import { z } from 'zod';

const claims = z.object({ exp: z.number().positive().max(8_640_000_000_000) });

export function tokenExpiry(token: string): Date | null {
  const payload = token.split('.')[1];
  if (payload === undefined || token.split('.').length !== 3) return null;
  const parsed = claims.safeParse(parseJson(Buffer.from(payload, 'base64url').toString('utf8')));
  return parsed.success ? new Date(parsed.data.exp * 1000) : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Three dots do not make a JWT.
    return null;
  }
}
