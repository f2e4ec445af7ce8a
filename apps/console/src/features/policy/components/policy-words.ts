'use client';

/** What the server says about images and policies, in the visitor's language, by its codes. */
import type { ImageResolution, PolicyRefusal } from '@moorage/contract';
import { useLocale, useTranslations } from 'next-intl';

export interface CodeText {
  readonly sentence: string;
  /** the server's own words, where the sentence does not hold what they name */
  readonly detail: string | null;
}

/** The sentence of a code; in English, or where none is known, the server's own. */
export function useDetailedCode(): (code: string, detail: string) => CodeText {
  const t = useTranslations('errors');
  const locale = useLocale();
  return (code, detail) =>
    locale === 'en' || !t.has(code)
      ? { sentence: detail, detail: null }
      : { sentence: t(code), detail };
}

/** Why an image of a report is refused. */
export function useRefusalText(): (refusal: PolicyRefusal) => string {
  const t = useTranslations('policy.rule');
  return ({ registry }) => t(registry === null ? 'not-an-image-name' : 'not-listed');
}

/** Which rule decided on an image that was asked about. */
export function useRuleText(): (resolution: ImageResolution) => string {
  const t = useTranslations('policy.rule');
  const tErrors = useTranslations('errors');
  return ({ rule, reason }) => {
    if (rule === undefined) return reason;
    const { kind, entry, code } = rule;
    if (kind === 'not-an-image-name' && code !== undefined && tErrors.has(code))
      return tErrors(code);
    return t(kind, { entry: entry ?? '' });
  };
}
