/** Pages a list that a cluster gave whole, by name, in the manner of `http/page.ts`. */
import type { Page, PageRequest } from '../http/page.js';
import { Problem } from '../http/problem.js';

export function pageOfNames<T extends { readonly name: string }>(
  all: readonly T[],
  { limit, cursor, sort, q }: PageRequest,
): Page<T> {
  const direction = sort?.startsWith('-') === true ? -1 : 1;
  const wanted = all
    .filter((item) => q === undefined || item.name.includes(q.toLowerCase()))
    .toSorted((a, b) => direction * (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const after = cursor === undefined ? null : decodeCursor(cursor);
  const isAfter = (name: string) =>
    after === null || (direction === 1 ? name > after : name < after);
  const rest = wanted.filter((item) => isAfter(item.name));
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  const more = rest.length > items.length && last !== undefined;
  return { items, nextCursor: more ? encodeCursor(last.name) : null, total: wanted.length };
}

function encodeCursor(name: string): string {
  return Buffer.from(`name:${name}`, 'utf8').toString('base64url');
}

function decodeCursor(cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  if (text.startsWith('name:')) return text.slice('name:'.length);
  throw new Problem('request.invalid', undefined, {
    errors: [{ pointer: 'cursor', code: 'invalid-cursor', detail: 'Not a cursor of this list' }],
  });
}
