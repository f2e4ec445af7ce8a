/**
 * Builds the entries of what is not kept, held to the table of codes.
 *
 * Does not handle: deciding what is kept.
 */
import type { WithParameters } from '../finding-parameters.js';
import { formatPath, type PathSegment, type Position } from '../registries-yaml/diagnostic.js';
import type { NodeConfigImportCode, nodeConfigImportCodes } from './codes.js';
import type { NotImported } from './model.js';

export interface Place {
  readonly path: readonly PathSegment[];
  readonly at: Position;
}

type Words<C extends NodeConfigImportCode> = { readonly detail: string } & WithParameters<
  typeof nodeConfigImportCodes,
  C
>;

/** `leftBehind('login-masked', place, {detail: '…'})`. */
export function leftBehind<C extends NodeConfigImportCode>(
  code: C,
  { path, at }: Place,
  { detail, parameters }: Words<C>,
): NotImported {
  const { line, column } = at;
  return { code, path: formatPath(path), line, column, detail, parameters: parameters ?? {} };
}

// A page of a thousand lines is read by nobody; the rest is counted.
const maxEntries = 1000;

/** In the order of the document; what is beyond any reader's patience is counted in a last entry. */
export function sortLeftBehind(entries: readonly NotImported[]): readonly NotImported[] {
  const sorted = entries.toSorted((a, b) => a.line - b.line || a.column - b.column);
  const rest = sorted.slice(maxEntries);
  const [first] = rest;
  if (first === undefined) return sorted;
  const more = leftBehind(
    'node-config-import.more',
    { path: [], at: first },
    {
      detail: `From here on ${rest.length} more parts of the file are not kept.`,
      parameters: { count: String(rest.length) },
    },
  );
  return [...sorted.slice(0, maxEntries), more];
}
