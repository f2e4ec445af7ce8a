/** Order by UTF-16 code unit: the same in every locale and on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
