import type { Mirror } from '@moorage/contract';

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
