/**
 * The places in a document at which the parser can stand, and what may begin a list or a mapping there.
 *
 * Source: gopkg.in/yaml.v2 v2.4.0 `yamlprivateh.go` (`yaml_parser_state_t`), `parserc.go`.
 */
import type { Token } from './token.js';

export type State =
  | 'document-start'
  | 'next-document'
  | 'document-content'
  | 'document-end'
  | 'block-node'
  | 'sequence-entry'
  | 'indentless-entry'
  | 'mapping-key'
  | 'mapping-value'
  | 'flow-first-entry'
  | 'flow-entry'
  | 'flow-pair-key'
  | 'flow-pair-value'
  | 'flow-pair-end'
  | 'flow-first-key'
  | 'flow-key'
  | 'flow-value'
  | 'flow-empty-value'
  | 'stopped';

export type Kind = Token['kind'];

export const documentEnds: readonly Kind[] = [
  ...(['version', 'tag-directive', 'document-start', 'document-end', 'stream-end'] as const),
];

export interface NodePlace {
  readonly isBlock: boolean;
  /** A list as the value of a key may stand at the key's own indentation. */
  readonly mayBeIndentless?: boolean;
}

export const inMapping: NodePlace = { isBlock: true, mayBeIndentless: true };
export const inBrackets: NodePlace = { isBlock: false };

export const openings: Readonly<Partial<Record<Kind, readonly [State, 'list' | 'mapping']>>> = {
  'block-sequence-start': ['sequence-entry', 'list'],
  'block-mapping-start': ['mapping-key', 'mapping'],
  'flow-sequence-start': ['flow-first-entry', 'list'],
  'flow-mapping-start': ['flow-first-key', 'mapping'],
};
