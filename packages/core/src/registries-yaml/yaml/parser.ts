/**
 * Finds the structure in the tokens of a YAML text: a state for each place in a document at which
 * something may follow, and a stack of the states to come back to. Nothing here is recursive, so that
 * nesting costs memory and never the stack.
 *
 * Source: gopkg.in/yaml.v2 v2.4.0 `parserc.go`.
 *
 * Does not handle: aliases and what values mean.
 */
import type { LoadProblem } from '../load-problem.js';
import { emptyScalar, type YamlEvent } from './event.js';
import {
  documentEnds,
  inBrackets,
  inMapping,
  type Kind,
  type NodePlace,
  openings,
  type State,
} from './parser-state.js';
import { Scanner } from './scanner.js';
import { TagHandles } from './tag-handles.js';
import { type Token, YamlFault } from './token.js';

export class Parser {
  readonly #scanner: Scanner;
  readonly #handles = new TagHandles();
  readonly #states: State[] = [];
  #state: State = 'document-start';
  readonly #steps: Readonly<Record<State, () => YamlEvent>> = {
    'document-start': () => this.#documentStart(true),
    'next-document': () => this.#documentStart(false),
    'document-content': () => this.#documentContent(),
    'document-end': () => this.#documentEnd(),
    'block-node': () => this.#node({ isBlock: true }),
    'sequence-entry': () => this.#sequenceEntry(),
    'indentless-entry': () => this.#indentlessEntry(),
    'mapping-key': () => this.#mappingKey(),
    'mapping-value': () => this.#mappingValue(),
    'flow-first-entry': () => this.#flowEntry(true),
    'flow-entry': () => this.#flowEntry(false),
    'flow-pair-key': () => this.#flowPairKey(),
    'flow-pair-value': () => this.#flowPairValue(),
    'flow-pair-end': () => this.#flowPairEnd(),
    'flow-first-key': () => this.#flowKey(true),
    'flow-key': () => this.#flowKey(false),
    'flow-value': () => this.#flowValue(),
    'flow-empty-value': () => this.#empty('flow-key'),
    stopped: () => this.#stop(),
  };

  constructor(text: string) {
    this.#scanner = new Scanner(text);
  }

  next(): YamlEvent {
    return this.#steps[this.#state]();
  }

  #peek(): Token {
    return this.#scanner.peek();
  }

  #skip(): Token {
    this.#scanner.skip();
    return this.#peek();
  }

  #fail(problem: LoadProblem): never {
    throw new YamlFault(problem, this.#peek().start);
  }

  #empty(state: State): YamlEvent {
    this.#state = state;
    return emptyScalar(this.#peek().start);
  }

  /** A node, unless one of these tokens says that there is none. */
  #nodeOrEmpty(state: State, ends: readonly Kind[], place: NodePlace): YamlEvent {
    if (ends.includes(this.#peek().kind)) {
      return this.#empty(state);
    }
    this.#states.push(state);
    return this.#node(place);
  }

  #leave(): void {
    this.#state = this.#states.pop() ?? 'stopped';
  }

  #end(): YamlEvent {
    const { start } = this.#peek();
    this.#scanner.skip();
    this.#leave();
    return { kind: 'end', start };
  }

  #documentStart(isFirst: boolean): YamlEvent {
    let token = this.#peek();
    while (!isFirst && token.kind === 'document-end') {
      token = this.#skip();
    }
    const { start, kind } = token;
    if (kind === 'stream-end') {
      return this.#stop();
    }
    if (isFirst && kind !== 'version' && kind !== 'tag-directive' && kind !== 'document-start') {
      this.#states.push('document-end');
      this.#state = 'block-node';
      return { kind: 'document-start', start };
    }
    this.#handles.read(this.#scanner);
    if (this.#peek().kind !== 'document-start') {
      this.#fail('afterDocument');
    }
    this.#scanner.skip();
    this.#states.push('document-end');
    this.#state = 'document-content';
    return { kind: 'document-start', start };
  }

  #stop(): YamlEvent {
    this.#state = 'stopped';
    return { kind: 'stream-end', start: this.#peek().start };
  }

  #documentContent(): YamlEvent {
    const { kind, start } = this.#peek();
    if (!documentEnds.includes(kind)) {
      return this.#node({ isBlock: true });
    }
    this.#leave();
    return emptyScalar(start);
  }

  #documentEnd(): YamlEvent {
    const { kind, start } = this.#peek();
    if (kind === 'document-end') {
      this.#scanner.skip();
    }
    this.#state = 'next-document';
    return { kind: 'document-end', start };
  }

  #node(place: NodePlace): YamlEvent {
    const first = this.#peek();
    if (first.kind === 'alias') {
      this.#scanner.skip();
      this.#leave();
      return { kind: 'alias', name: first.name, start: first.start };
    }
    const { start } = first;
    const properties = this.#handles.readProperties(this.#scanner);
    const token = this.#peek();
    if (token.kind === 'scalar') {
      this.#scanner.skip();
      this.#leave();
      const { text, style } = token;
      const isPlain = (properties.tag === '' && style === 'plain') || properties.tag === '!';
      return { kind: 'scalar', text, isPlain, ...properties, start };
    }
    const opened = this.#open(token.kind, place);
    if (opened !== null) {
      return { kind: opened, ...properties, start };
    }
    if (properties.anchor === null && properties.tag === '') {
      this.#fail('content');
    }
    this.#leave();
    return { kind: 'scalar', text: '', isPlain: properties.tag === '', ...properties, start };
  }

  #open(kind: Kind, { isBlock, mayBeIndentless }: NodePlace): 'list' | 'mapping' | null {
    if (mayBeIndentless && kind === 'block-entry') {
      this.#state = 'indentless-entry';
      return 'list';
    }
    const [state, opened] = openings[kind] ?? [];
    if (state === undefined || opened === undefined || (kind.startsWith('block-') && !isBlock)) {
      return null;
    }
    this.#scanner.skip();
    this.#state = state;
    return opened;
  }

  #sequenceEntry(): YamlEvent {
    const { kind } = this.#peek();
    if (kind === 'block-entry') {
      this.#scanner.skip();
      return this.#nodeOrEmpty('sequence-entry', ['block-entry', 'block-end'], { isBlock: true });
    }
    return kind === 'block-end' ? this.#end() : this.#fail('indent');
  }

  #indentlessEntry(): YamlEvent {
    const { kind, start } = this.#peek();
    if (kind !== 'block-entry') {
      this.#leave();
      return { kind: 'end', start };
    }
    this.#scanner.skip();
    const ends = ['block-entry', 'key', 'value', 'block-end'] as const;
    return this.#nodeOrEmpty('indentless-entry', ends, { isBlock: true });
  }

  #mappingKey(): YamlEvent {
    const { kind } = this.#peek();
    if (kind === 'key') {
      this.#scanner.skip();
      return this.#nodeOrEmpty('mapping-value', ['key', 'value', 'block-end'], inMapping);
    }
    return kind === 'block-end' ? this.#end() : this.#fail('indent');
  }

  #mappingValue(): YamlEvent {
    if (this.#peek().kind !== 'value') {
      return this.#empty('mapping-key');
    }
    this.#scanner.skip();
    return this.#nodeOrEmpty('mapping-key', ['key', 'value', 'block-end'], inMapping);
  }

  #flowEntry(isFirst: boolean): YamlEvent {
    const token = this.#nextInBrackets('flow-sequence-end', isFirst);
    if (token.kind === 'key') {
      this.#scanner.skip();
      this.#state = 'flow-pair-key';
      return { kind: 'mapping', anchor: null, tag: '', start: token.start };
    }
    if (token.kind === 'flow-sequence-end') {
      return this.#end();
    }
    this.#states.push('flow-entry');
    return this.#node(inBrackets);
  }

  #flowPairKey(): YamlEvent {
    const ends = ['value', 'flow-entry', 'flow-sequence-end'] as const;
    if (!ends.some((kind) => kind === this.#peek().kind)) {
      this.#states.push('flow-pair-value');
      return this.#node(inBrackets);
    }
    // go-yaml passes over the token here, and so loses the colon of `[? : x]`.
    const empty = this.#empty('flow-pair-value');
    this.#scanner.skip();
    return empty;
  }

  #flowPairValue(): YamlEvent {
    if (this.#peek().kind !== 'value') {
      return this.#empty('flow-pair-end');
    }
    this.#scanner.skip();
    return this.#nodeOrEmpty('flow-pair-end', ['flow-entry', 'flow-sequence-end'], inBrackets);
  }

  #flowPairEnd(): YamlEvent {
    this.#state = 'flow-entry';
    return { kind: 'end', start: this.#peek().start };
  }

  #flowKey(isFirst: boolean): YamlEvent {
    const token = this.#nextInBrackets('flow-mapping-end', isFirst);
    if (token.kind === 'key') {
      this.#scanner.skip();
      const ends = ['value', 'flow-entry', 'flow-mapping-end'] as const;
      return this.#nodeOrEmpty('flow-value', ends, inBrackets);
    }
    if (token.kind === 'flow-mapping-end') {
      return this.#end();
    }
    this.#states.push('flow-empty-value');
    return this.#node(inBrackets);
  }

  #flowValue(): YamlEvent {
    if (this.#peek().kind !== 'value') {
      return this.#empty('flow-key');
    }
    this.#scanner.skip();
    return this.#nodeOrEmpty('flow-key', ['flow-entry', 'flow-mapping-end'], inBrackets);
  }

  #nextInBrackets(closing: Kind, isFirst: boolean): Token {
    const token = this.#peek();
    if (isFirst || token.kind === closing) {
      return token;
    }
    return token.kind === 'flow-entry' ? this.#skip() : this.#fail('missing');
  }
}
