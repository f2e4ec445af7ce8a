/**
 * Order of texts by Unicode code point, which is the order of their UTF-8 bytes and therefore Go's.
 * JavaScript's own order is by UTF-16 unit and differs beyond the basic plane.
 *
 * Does not handle: collation; this is for stable output, not for people.
 */
export function compareCodePoints(a: string, b: string): number {
  const left = Array.from(a);
  const right = Array.from(b);
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const difference = (left[index]?.codePointAt(0) ?? 0) - (right[index]?.codePointAt(0) ?? 0);
    if (difference !== 0) {
      return difference;
    }
  }
  return left.length - right.length;
}
