/**
 * Line breaks inside of a scalar that folds: a single one is a blank, of several the first one goes.
 * LS and PS are never folded.
 *
 * Source: YAML 1.1 section 5.4 and 9.1, as in gopkg.in/yaml.v2 v2.4.0 `scannerc.go`.
 */
export function foldBreaks([first = '', ...further]: readonly string[]): string {
  if (first !== '\n') {
    return first + further.join('');
  }
  return further.length === 0 ? ' ' : further.join('');
}
