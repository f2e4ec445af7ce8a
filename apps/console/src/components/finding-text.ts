'use client';

/**
 * What the checker, node config and pull plans say, in the visitor's language. Findings name their
 * subjects as parameters; `findings` has a sentence for each code that takes them, and a fix where there
 * is one. A code that is not known here keeps the English text.
 */
import { useLocale, useTranslations } from 'next-intl';

export interface FindingText {
  readonly sentence: string;
  readonly suggestion: string | null;
}

interface Finding {
  readonly code: string;
  readonly text: string;
  readonly suggestion: string | null;
  readonly parameters?: Readonly<Record<string, string>> | undefined;
}

export function useFindingText(): (finding: Finding) => FindingText {
  const t = useTranslations('findings');
  const locale = useLocale();
  return ({ code, text, suggestion, parameters }) => {
    const [sentence, fix] = [`${code}.sentence`, `${code}.fix`];
    if (locale === 'en' || !t.has(sentence)) return { sentence: text, suggestion };
    const values = { ...parameters };
    return { sentence: t(sentence, values), suggestion: (t.has(fix) && t(fix, values)) || null };
  };
}
