/**
 * What becomes of a rewrite on its way to containerd. K3s pastes pattern and replacement between
 * double quotes into `hosts.toml` without escaping, so TOML interprets every backslash: an unknown
 * escape makes containerd reject the whole file and ignore all mirrors of that registry, a known
 * one silently becomes another character.
 *
 * Sources: K3s `pkg/agent/templates/templates.go`, TOML 1.0 basic strings.
 *
 * Does not handle: rewriting a pattern whose escapes have no equivalent without a backslash; such a
 * pattern has no portable form and `portablePattern` says so.
 */
import { parse } from 'smol-toml';
import { compileRewritePattern, type RewriteRule } from './rewrite.js';

export interface TomlView {
  /** False when containerd rejects the file that holds this rule. */
  readonly parses: boolean;
  /** The pattern that containerd reads; null when the file is rejected. */
  readonly patternSeen: string | null;
  readonly replacementSeen: string | null;
}

const rejected: TomlView = { parses: false, patternSeen: null, replacementSeen: null };

/** What containerd reads of a rule after K3s has pasted it into `hosts.toml`. */
export function viewThroughToml(rule: RewriteRule): TomlView {
  try {
    const table = parse(`"${rule.pattern}" = "${rule.replacement}"\n`);
    const [entry] = Object.entries(table);
    const replacement = entry?.[1];
    if (entry === undefined || typeof replacement !== 'string') {
      return rejected;
    }
    return { parses: true, patternSeen: entry[0], replacementSeen: replacement };
  } catch {
    return rejected;
  }
}

/** True when both engines read exactly what is written: no backslash, quote or control character. */
export function isPortableRule(rule: RewriteRule): boolean {
  const view = viewThroughToml(rule);
  return view.patternSeen === rule.pattern && view.replacementSeen === rule.replacement;
}

const outsideClass: Readonly<Record<string, string>> = {
  d: '[0-9]',
  D: '[^0-9]',
  w: '[0-9A-Za-z_]',
  W: '[^0-9A-Za-z_]',
  A: '^',
  z: '$',
};

const insideClass: Readonly<Record<string, string>> = { d: '0-9', w: '0-9A-Za-z_' };

/**
 * The same pattern without backslashes, or null when there is none. `\.` becomes `[.]`, `\d`
 * becomes `[0-9]`.
 */
export function portablePattern(pattern: string): string | null {
  let output = '';
  let inClass = false;
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern.charAt(at);
    if (char === '\\') {
      at += 1;
      const plain = withoutBackslash(pattern.charAt(at), inClass);
      if (plain === null) {
        return null;
      }
      output += plain;
      continue;
    }
    inClass = char === '[' ? true : char === ']' ? false : inClass;
    output += char;
  }
  const rule = { pattern: output, replacement: '' };
  return compileRewritePattern(output).ok && isPortableRule(rule) ? output : null;
}

function withoutBackslash(escaped: string, inClass: boolean): string | null {
  const known = (inClass ? insideClass : outsideClass)[escaped];
  if (known !== undefined) {
    return known;
  }
  if (/^[/_:@%,=<>~!;&# ']$/.test(escaped)) {
    return escaped;
  }
  if (inClass) {
    return /^[.+*?()|{}$]$/.test(escaped) ? escaped : null;
  }
  if (escaped === '-') {
    return escaped;
  }
  return /^[.+*?()|{}$[\]]$/.test(escaped) ? `[${escaped}]` : null;
}
