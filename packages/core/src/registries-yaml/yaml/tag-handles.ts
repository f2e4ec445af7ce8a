/**
 * Tag handles and what they stand for, `!!` → `tag:yaml.org,2002:`, with the `%TAG` and `%YAML` lines of
 * the document.
 *
 * Source: gopkg.in/yaml.v2 v2.4.0 `parserc.go` (`process_directives`).
 */
import { type DirectiveToken, type TagToken, YamlFault } from './token.js';

export class TagHandles {
  readonly #prefixes = new Map<string, string>();
  #hasVersion = false;

  /** False for a doubled line, or for another version than 1.1. */
  declare({ kind, value, prefix }: DirectiveToken): boolean {
    if (kind === 'version') {
      const isFirst = !this.#hasVersion;
      this.#hasVersion = true;
      return isFirst && value === '1.1';
    }
    const isNew = !this.#prefixes.has(value);
    this.#prefixes.set(value, prefix);
    return isNew;
  }

  resolve({ handle, suffix, start }: TagToken): string {
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
