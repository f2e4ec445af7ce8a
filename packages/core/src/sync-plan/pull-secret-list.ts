/**
 * Edits of a service account's `imagePullSecrets`. The list is atomic in the API, so it is always
 * written whole; foreign entries keep their place and number, ours stand once each.
 */
import { compareText } from '../compare-text.js';
export interface PullSecretListEdit {
  readonly add: ReadonlySet<string>;
  readonly remove: ReadonlySet<string>;
}

/** The edited list; the very same array when nothing changes. */
export function editPullSecretList(
  list: readonly string[],
  { add, remove }: PullSecretListEdit,
): readonly string[] {
  const missing = new Set(add);
  const edited: string[] = [];
  for (const name of list) {
    if (remove.has(name)) continue;
    if (add.has(name) && !missing.delete(name)) continue;
    edited.push(name);
  }
  edited.push(...[...missing].sort(compareText));
  return edited.length === list.length && edited.every((name, at) => name === list[at])
    ? list
    : edited;
}
