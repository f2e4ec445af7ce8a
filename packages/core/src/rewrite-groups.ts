/**
 * Named groups as Go's `regexp` has them: one name may stand for several groups, and in a replacement it
 * means the first of them that took part in the match. RE2 proper refuses a second group of one name, so
 * later ones get a name of their own before compiling.
 *
 * Source: Go `regexp` (`Regexp.expand`), `regexp/syntax` (`parsePerlFlags`).
 *
 * Does not handle: patterns that do not compile; they are left as they are.
 */
export interface DistinctNames {
  readonly pattern: string;
  /** By the name that a group got, the one that it had. */
  readonly originals: ReadonlyMap<string, string>;
}

// What is no group although it may look like one: escapes, quoted stretches, character classes.
const tokens =
  /\\Q[\s\S]*?(?:\\E|$)|\\[\s\S]|\[\^?\]?(?:\\[\s\S]|\[:\^?\w+:\]|[^\]\\])*\]|\(\?P?<([A-Za-z0-9_]+)>/g;

export function makeNamesDistinct(pattern: string): DistinctNames {
  const originals = new Map<string, string>();
  const changed = pattern.replace(tokens, (token: string, name: string | undefined) => {
    if (name === undefined) {
      return token;
    }
    const own = originals.has(name) ? `${name}_${originals.size}_` : name;
    originals.set(own, name);
    return token.replace(`<${name}>`, `<${own}>`);
  });
  return { pattern: changed, originals };
}
