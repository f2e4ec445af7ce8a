/**
 * Text as one word of a POSIX shell, whatever it holds: between single quotes nothing is special but
 * the single quote itself.
 *
 * Source: POSIX.1-2024 XCU section 2.2.2.
 *
 * Does not handle: NUL, which no word of a shell can hold; it is dropped.
 */
export function quoteShell(text: string): string {
  return `'${text.replaceAll('\0', '').replaceAll("'", `'\\''`)}'`;
}
