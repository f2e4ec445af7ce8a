/**
 * What the sentence of a finding names (a key, a near miss, a release), apart from the sentence, so
 * that the same finding can be said in another language. Each family of findings has a table of its
 * codes with the names of their parameters; the types here hold every finding to its table.
 *
 * A parameter that chooses between wordings (`reason`, `form`, `problem`) holds one of a few fixed
 * words; the others hold text from the document, cut and without control characters. None ever holds a
 * secret.
 *
 * Does not handle: the sentences themselves.
 */
export type FindingParameters = Readonly<Record<string, string>>;

/** By code, the names of the parameters that each of its findings carries. */
export type CodeTable = Readonly<Record<string, readonly string[]>>;

/** `{}` for a code without parameters, otherwise a text for each of its names. */
export type ParametersOf<T extends CodeTable, C extends keyof T> = Readonly<
  Record<T[C][number], string>
>;

/** The property `parameters`, which a code without any may leave out. */
export type WithParameters<T extends CodeTable, C extends keyof T> = [T[C][number]] extends [never]
  ? { readonly parameters?: undefined }
  : { readonly parameters: ParametersOf<T, C> };

// A key or a pattern of this length tells where it is; junk in a file must not flood a page.
const maxShownLength = 120;

/** Text of a document as it may stand in a sentence: cut, and every control character visible. */
export function visibleText(text: string): string {
  const cut = text.length > maxShownLength ? `${text.slice(0, maxShownLength - 1)}…` : text;
  return cut.toWellFormed().replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (char) => {
    const code = (char.codePointAt(0) ?? 0).toString(16);
    return code.length <= 4 ? `\\u${code.padStart(4, '0')}` : `\\u{${code}}`;
  });
}

/** The same between quotes, as English sentences show it. */
export function shown(text: string): string {
  return `"${visibleText(text)}"`;
}
