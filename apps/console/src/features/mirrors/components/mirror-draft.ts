import type { Mirror } from '@moorage/contract';
import type { DraftMirrors } from '../loaders';

/** Rows keep an identity of their own, so that moving one moves its focus and its text. */
export interface DraftRow {
  readonly id: string;
}
export type EndpointRow = DraftRow & { readonly url: string };
export type RewriteRow = DraftRow & { readonly pattern: string; readonly replacement: string };

export interface MirrorDraft {
  readonly registry: string;
  readonly endpoints: readonly EndpointRow[];
  readonly rewrites: readonly RewriteRow[];
}

/** The one mirror that is being edited; null stands for a new one. */
export interface Editing {
  readonly mirror: Mirror | null;
  readonly draft: MirrorDraft;
}

let lastRow = 0;

export function emptyRow(): DraftRow {
  lastRow += 1;
  return { id: `row-${lastRow}` };
}

export function startOfMirror(mirror: Mirror | null): MirrorDraft {
  const endpoints = mirror?.endpoints ?? [''];
  return {
    registry: mirror?.registry ?? '',
    endpoints: endpoints.map((url) => ({ ...emptyRow(), url })),
    rewrites: (mirror?.rewrites ?? []).map((rewrite) => ({ ...emptyRow(), ...rewrite })),
  };
}

/** What is sent of a draft: rows that are still empty are not. */
export function inputOf({ endpoints, rewrites }: MirrorDraft) {
  return {
    endpoints: endpoints.map(({ url }) => url.trim()).filter((url) => url !== ''),
    rewrites: rewrites
      .filter(({ pattern }) => pattern !== '')
      .map(({ pattern, replacement }) => ({ pattern, replacement })),
  };
}

function wireOf({ registry, endpoints, rewrites }: Mirror): DraftMirrors[number] {
  return { registry, endpoints, rewrites };
}

/** All mirrors as they would be after saving; a new one comes last, as the server puts it. */
export function mirrorsAfterSaving(
  items: readonly Mirror[],
  { mirror, draft }: Editing,
): DraftMirrors {
  const registry = draft.registry.trim();
  const edited = registry === '' ? [] : [{ registry, ...inputOf(draft) }];
  if (mirror === null) return [...items.map(wireOf), ...edited];
  return items.flatMap((each) => (each.id === mirror.id ? edited : [wireOf(each)]));
}

export function mirrorsAfterDeleting(items: readonly Mirror[], mirror: Mirror): DraftMirrors {
  return items.filter(({ id }) => id !== mirror.id).map(wireOf);
}
