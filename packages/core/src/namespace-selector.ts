/**
 * Which namespaces of a cluster a target serves.
 *
 *   selected = some include glob matches the name
 *            ∧ no exclude glob matches it
 *            ∧ every matchLabels pair is on the namespace
 *            ∧ (no grants apply ∨ some granted glob matches the name)
 *
 *   glob := literal characters, `*` (any run, also empty), `?` (exactly one)
 *
 * Globs are matched whole and in linear time for the lengths a name can have; there are no
 * character classes and no escapes, because a namespace name holds only `a-z`, `0-9` and `-`.
 * Does not handle opt-outs and namespaces that are being deleted: the plan does.
 */
export interface NamespaceSelection {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly matchLabels: Readonly<Record<string, string>>;
}

export interface SelectableNamespace {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

export type NamespaceSelector = (namespace: SelectableNamespace) => boolean;

/** `grants` are the globs that the cluster's administrator gave; null = none needed. */
export function buildNamespaceSelector(
  selection: NamespaceSelection,
  grants: readonly string[] | null = null,
): NamespaceSelector {
  const wanted = Object.entries(selection.matchLabels);
  return ({ name, labels }) =>
    matchesAnyGlob(selection.include, name) &&
    !matchesAnyGlob(selection.exclude, name) &&
    (grants === null || matchesAnyGlob(grants, name)) &&
    wanted.every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);
}

/** Whether grants leave nothing of a cluster out: its nodes serve every namespace. */
export function coversEveryNamespace(globs: readonly string[]): boolean {
  return globs.some((glob) => /^\*+$/.test(glob));
}

export function matchesAnyGlob(globs: readonly string[], name: string): boolean {
  return globs.some((glob) => matchesGlob(glob, name));
}

/** Greedy with one point to come back to: the last `*`. Never worse than length × length. */
export function matchesGlob(glob: string, name: string): boolean {
  let at = 0;
  let inGlob = 0;
  let starInGlob = -1;
  let starAt = 0;
  while (at < name.length) {
    if (glob[inGlob] === '*') {
      starInGlob = inGlob;
      starAt = at;
      inGlob += 1;
    } else if (inGlob < glob.length && (glob[inGlob] === '?' || glob[inGlob] === name[at])) {
      inGlob += 1;
      at += 1;
    } else if (starInGlob >= 0) {
      starAt += 1;
      at = starAt;
      inGlob = starInGlob + 1;
    } else {
      return false;
    }
  }
  while (glob[inGlob] === '*') inGlob += 1;
  return inGlob === glob.length;
}
