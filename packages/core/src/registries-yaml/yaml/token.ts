/**
 * What the scanner makes of a YAML text, and how it says that it cannot go on.
 *
 * Source: gopkg.in/yaml.v2 v2.4.0 `yamlh.go`.
 */
import type { LoadProblem } from '../load-problem.js';
import type { Mark } from './text-cursor.js';

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded';

export type BareTokenKind =
  | 'stream-end'
  | 'document-start'
  | 'document-end'
  | 'block-sequence-start'
  | 'block-mapping-start'
  | 'block-end'
  | 'flow-sequence-start'
  | 'flow-sequence-end'
  | 'flow-mapping-start'
  | 'flow-mapping-end'
  | 'block-entry'
  | 'flow-entry'
  | 'key'
  | 'value';

interface Placed {
  readonly start: Mark;
}

export interface ScalarToken extends Placed {
  readonly kind: 'scalar';
  readonly text: string;
  readonly style: ScalarStyle;
}

export interface NameToken extends Placed {
  readonly kind: 'anchor' | 'alias';
  readonly name: string;
}

export interface TagToken extends Placed {
  readonly kind: 'tag';
  readonly handle: string;
  readonly suffix: string;
}

export interface DirectiveToken extends Placed {
  readonly kind: 'version' | 'tag-directive';
  /** `1.1`, or the handle. */
  readonly value: string;
  readonly prefix: string;
}

export type Token =
  | ScalarToken
  | NameToken
  | TagToken
  | DirectiveToken
  | (Placed & { readonly kind: BareTokenKind });

export class YamlFault extends Error {
  constructor(
    readonly problem: LoadProblem,
    readonly mark: Mark,
  ) {
    super(problem);
  }
}
