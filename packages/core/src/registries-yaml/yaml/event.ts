/**
 * The structure of a document as the parser tells it, piece by piece.
 *
 * Source: gopkg.in/yaml.v2 v2.4.0 `yamlh.go`.
 */
import type { Mark } from './text-cursor.js';

export interface NodeProperties {
  readonly anchor: string | null;
  /** In full, `tag:yaml.org,2002:str`; empty when none is written. */
  readonly tag: string;
}

export type YamlEvent =
  | {
      readonly kind: 'document-start' | 'document-end' | 'end' | 'stream-end';
      readonly start: Mark;
    }
  | ({ readonly kind: 'list' | 'mapping'; readonly start: Mark } & NodeProperties)
  | { readonly kind: 'alias'; readonly name: string; readonly start: Mark }
  | ({
      readonly kind: 'scalar';
      readonly text: string;
      /** Unquoted, and without a tag that says what it is. */
      readonly isPlain: boolean;
      readonly start: Mark;
    } & NodeProperties);

export function emptyScalar(start: Mark): YamlEvent {
  return { kind: 'scalar', text: '', isPlain: true, anchor: null, tag: '', start };
}
