'use client';

/**
 * What node config says about itself, in the visitor's language. The server describes in English; its
 * sentences name hosts, scopes and rules, which stand beside the translated sentence of the code.
 */
import { useLocale, useTranslations } from 'next-intl';

export interface FindingText {
  readonly sentence: string;
  /** hosts, scopes and rules that it is about, where the sentence does not name them */
  readonly about: string | null;
  readonly suggestion: string | null;
}

interface Finding {
  readonly code: string;
  readonly text: string;
  readonly path: string | null;
  readonly suggestion: string | null;
}

/** `registries.ghcr.io` → `ghcr.io`; a place in the file stays as it is. */
function subjectOfPath(path: string): string {
  return path.replace(/^(registries|mirrors)\./, '');
}

/** The subject that an English sentence names: a host with its scope at the start, URLs and quoted rules. */
export function namedIn(text: string): readonly string[] {
  const subject =
    /^The credential (?:for|of) (\S+) (?:stays|has)\b/.exec(text)?.[1] ??
    /^(\S+): /.exec(text)?.[1];
  const rule = /("(?:[^"\\]|\\.)*") → ("(?:[^"\\]|\\.)*")/.exec(text)?.[0];
  const others =
    rule === undefined ? (text.match(/"(?:[^"\\]|\\.)*"|https?:\/\/[^\s,;"]+/g) ?? []) : [rule];
  const clean = others.map((each) => each.replace(/[.:]$/, ''));
  return [...new Set([...(subject === undefined ? [] : [subject]), ...clean])];
}

export function aboutOf(text: string, path: string | null): string | null {
  const named = [...(path === null ? [] : [subjectOfPath(path)]), ...namedIn(text)];
  const unquoted = named.map((each) => (each.includes(' → ') ? each : each.replaceAll('"', '')));
  return [...new Set(unquoted)].join(' · ') || null;
}

export function useFindingText(): (finding: Finding) => FindingText {
  const t = useTranslations('nodeConfig');
  const locale = useLocale();
  return ({ code, text, path, suggestion }) =>
    locale === 'en' || !t.has(code)
      ? { sentence: text, about: null, suggestion }
      : { sentence: t(code), about: aboutOf(text, path), suggestion: null };
}
