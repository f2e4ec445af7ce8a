/**
 * Base64 (RFC 4648 section 4) of UTF-8 text, without Node's Buffer so that it also runs in the
 * browser. Decoding accepts a missing padding, as the kubelet and Docker do, and nothing else:
 * no URL alphabet, no blanks inside.
 */
const encoder = new TextEncoder();
// `ignoreBOM` keeps a leading U+FEFF: it may be the first character of somebody's password.
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

// `String.fromCharCode` takes its arguments from the stack; 32 Ki of them is safe everywhere.
const chunkSize = 0x8000;

export function encodeUtf8Base64(text: string): string {
  const bytes = encoder.encode(text);
  let binary = '';
  for (let start = 0; start < bytes.length; start += chunkSize) {
    binary += String.fromCharCode(...bytes.subarray(start, start + chunkSize));
  }
  return btoa(binary);
}

/** The text, or null when the input is not base64 or its bytes are not UTF-8. */
export function decodeUtf8Base64(text: string): string | null {
  const bare = text.trim().replace(/={1,2}$/, '');
  if (!/^[A-Za-z0-9+/]*$/.test(bare) || bare.length % 4 === 1) return null;
  const bytes = Uint8Array.from(atob(bare), (character) => character.charCodeAt(0));
  try {
    return strictDecoder.decode(bytes);
  } catch {
    // Not UTF-8. The decoder's own message is dropped: the bytes are a secret.
    return null;
  }
}

export function utf8Size(text: string): number {
  return encoder.encode(text).length;
}
