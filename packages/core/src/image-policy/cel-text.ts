/**
 * Pieces of CEL (Common Expression Language, github.com/google/cel-spec) as text.
 *
 * Globs are those of namespace-selector.ts; they become RE2, which reads these patterns as
 * JavaScript does. `namespaceObject` fails in matchConditions, hence `request.namespace` there
 * and labels in a variable.
 */
import type { NamespaceSelection } from '../namespace-selector.js';

/** A selection within grants of its own: not every target of an environment needs them. */
export interface GrantedSelection extends NamespaceSelection {
  /** Globs; null or absent = none needed. */
  readonly grants?: readonly string[] | null;
}

export function celString(text: string): string {
  // A JSON string is a CEL string as long as the text holds no lone surrogate.
  return JSON.stringify(text.toWellFormed());
}

/** A pattern as a raw literal: backslashes reach RE2 as they are. */
export function celPattern(pattern: string): string {
  return `r'${pattern.replaceAll("'", '\\x27')}'`;
}

/** Whether the namespace's name is selected by any of the selections, whatever its labels. */
export function celSelectsName(
  selections: readonly GrantedSelection[],
  grants: readonly string[] | null,
): string {
  const granted = grants === null ? 'true' : matchesAny(grants);
  return and([or(selections.map(selectsName)), granted]);
}

/** The same with labels, which only `namespaceObject` knows; null when no selection asks any. */
export function celSelectsLabels(selections: readonly GrantedSelection[]): string | null {
  if (selections.every(({ matchLabels }) => Object.keys(matchLabels).length === 0)) return null;
  return or(selections.map((selection) => and([selectsName(selection), ...labelTests(selection)])));
}

function selectsName({ include, exclude, grants = null }: GrantedSelection): string {
  const excluded = matchesAny(exclude);
  return and([
    matchesAny(include),
    excluded === 'false' ? 'true' : `!(${excluded})`,
    grants === null ? 'true' : matchesAny(grants),
  ]);
}

function labelTests({ matchLabels }: NamespaceSelection): readonly string[] {
  return Object.entries(matchLabels).map(
    ([key, value]) =>
      `namespaceObject.metadata.?labels[?${celString(key)}] == optional.of(${celString(value)})`,
  );
}

function matchesAny(globs: readonly string[]): string {
  if (globs.length === 0) return 'false';
  if (globs.includes('*')) return 'true';
  return `request.namespace.matches(${celPattern(globsPattern(globs))})`;
}

/** RE2 of the whole name. */
export function globsPattern(globs: readonly string[]): string {
  return `^(?:${globs.map(globPattern).join('|')})$`;
}

function globPattern(glob: string): string {
  return glob
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
}

function and(terms: readonly string[]): string {
  if (terms.includes('false')) return 'false';
  return (
    join(
      terms.filter((term) => term !== 'true'),
      '&&',
    ) || 'true'
  );
}

function or(terms: readonly string[]): string {
  if (terms.includes('true')) return 'true';
  return (
    join(
      terms.filter((term) => term !== 'false'),
      '||',
    ) || 'false'
  );
}

function join(terms: readonly string[], operator: string): string {
  const [only = ''] = terms;
  return terms.length < 2 ? only : terms.map((term) => `(${term})`).join(` ${operator} `);
}
