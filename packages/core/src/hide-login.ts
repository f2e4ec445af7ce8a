/**
 * Text that should have been an address or an image, without the login that may stand in it: what is
 * before the last `@` goes, unless only a digest stands behind it. Meant for text that no grammar fits,
 * where a password can hold a slash or anything else; more is taken than needed rather than less.
 *
 * Does not handle: a secret anywhere else.
 */
export function hideLogin(text: string): string {
  const at = text.lastIndexOf('@');
  if (at < 0 || digest.test(text.slice(at + 1))) return text;
  const [scheme = ''] = /^[a-z][a-z0-9+.-]*:\/\//i.exec(text) ?? [];
  return `${scheme}…${text.slice(at)}`;
}

const digest = /^sha(?:256|384|512):[0-9a-f]*$/i;

/**
 * Every URL in a text without its login. What stands between `://` and the last `@` before the next
 * slash, quote or blank is one (RFC 3986, 3.2.1; Go's `net/url` takes the last `@` too).
 */
export function hideUrlLogins(text: string): string {
  return text.replace(/:\/\/[^/?#\s"'`]*@/g, '://…@');
}
