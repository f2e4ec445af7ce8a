/** Where a key, a value or an endpoint ends in a line of YAML: what a finding about it stands under. */
export function tokenLengthAt(line: string, from: number): number {
  const rest = line.slice(from);
  const quoted = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')/.exec(rest)?.[0];
  if (quoted !== undefined) return quoted.length;
  // A plain text ends at a colon or a hash with a blank beside it, as in YAML; in brackets sooner.
  const plain = /^(?:(?!:(?:\s|$)| #).)*/.exec(rest)?.[0] ?? '';
  const text = isInBrackets(line.slice(0, from)) ? plain.replace(/[,\]}].*$/, '') : plain;
  return text.trimEnd().length;
}

function isInBrackets(before: string): boolean {
  const open = before.match(/[[{]/g)?.length ?? 0;
  return open > (before.match(/[\]}]/g)?.length ?? 0);
}
