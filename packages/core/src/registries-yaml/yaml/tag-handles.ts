/**
 * Tags and what their handles stand for, `!!` → `tag:yaml.org,2002:`, with the `%TAG` and `%YAML` lines of
 * the document.
 *
 * Source: gopkg.in/yaml.v2 v2.4.0 `parserc.go` (`process_directives`).
 */
import type { NodeProperties } from './event.js';
import type { Scanner } from './scanner.js';
import { type DirectiveToken, type TagToken, YamlFault } from './token.js';

export class TagHandles {
  readonly #prefixes = new Map<string, string>();
  #hasVersion = false;

  /** Reads the lines that begin with `%`; doubled ones and other versions than 1.1 are refused. */
  read(scanner: Scanner): void {
    for (let token = scanner.peek(); ; token = scanner.peek()) {
      if (token.kind !== 'version' && token.kind !== 'tag-directive') {
        return;
      }
      if (!this.#declare(token)) {
        throw new YamlFault('directive', token.start);
      }
      scanner.skip();
    }
  }

  #declare({ kind, value, prefix }: DirectiveToken): boolean {
    if (kind === 'version') {
      const isFirst = !this.#hasVersion;
      this.#hasVersion = true;
      return isFirst && value === '1.1';
    }
    const isNew = !this.#prefixes.has(value);
    this.#prefixes.set(value, prefix);
    return isNew;
  }

  /** An anchor and a tag, in any order. */
  readProperties(scanner: Scanner): NodeProperties {
    let anchor: string | null = null;
    let tag = '';
    for (let token = scanner.peek(); ; token = scanner.peek()) {
      if (token.kind === 'anchor' && anchor === null) {
        anchor = token.name;
      } else if (token.kind === 'tag' && tag === '') {
        tag = this.#resolve(token);
      } else {
        return { anchor, tag };
      }
      scanner.skip();
    }
  }

  #resolve({ handle, suffix, start }: TagToken): string {
    if (handle === '') {
      return suffix;
    }
    const usual = { '!': '!', '!!': 'tag:yaml.org,2002:' }[handle];
    const tag = (this.#prefixes.get(handle) ?? usual ?? '') + suffix;
    if (!this.#prefixes.has(handle) && usual === undefined) {
      throw new YamlFault('tag', start);
    }
    return tag;
  }
}
