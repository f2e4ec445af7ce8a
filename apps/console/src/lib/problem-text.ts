'use client';

import type { ProblemDocument } from '@moorage/contract';
import { useLocale, useTranslations } from 'next-intl';
import { ProblemError } from './api';

export interface ProblemText {
  /** the translated sentence of the code */
  readonly message: string;
  /** what the server adds, when it says more than the sentence does */
  readonly detail: string | null;
  readonly requestId: string;
  /** pointer of a field as a dotted path → what is wrong with it */
  readonly fields: Readonly<Record<string, string>>;
}

const UNAUTHENTICATED = 401;

/** `/credential/password` → `credential.password`. */
function pathOfPointer(pointer: string): string {
  return pointer.replace(/^\/(body\/)?/, '').replaceAll('/', '.');
}

function problemOf(error: unknown): ProblemDocument | null {
  return error instanceof ProblemError ? error.problem : null;
}

/** Turns what was thrown into words of the visitor's language. */
export function useProblemText(): (error: unknown) => ProblemText {
  const t = useTranslations('errors');
  const locale = useLocale();
  const sentence = (code: string, otherwise: string) => (t.has(code) ? t(code) : otherwise);
  return (error) => {
    const problem = problemOf(error);
    if (problem === null) {
      return { message: t('unexpected'), detail: null, requestId: '', fields: {} };
    }
    const fields = (problem.errors ?? []).map(
      (field) => [pathOfPointer(field.pointer), sentence(field.code, field.detail)] as const,
    );
    const known = t.has(problem.code);
    const message = known ? t(problem.code) : problem.title;
    // The server adds in English: not where the translated sentences say all of it already.
    const isSaid =
      locale !== 'en' && known && (fields.length > 0 || problem.status === UNAUTHENTICATED);
    const adds = problem.status !== 0 && ![problem.title, message].includes(problem.detail);
    return {
      message,
      detail: adds && !isSaid ? problem.detail : null,
      requestId: problem.requestId,
      fields: Object.fromEntries(fields),
    };
  };
}

/** The server describes in English; visitors of another language get the sentence of the code instead. */
export function useCodeText(): (code: string | null, detail: string | null) => string {
  const t = useTranslations('errors');
  const locale = useLocale();
  return (code, detail) => {
    const sentence = code !== null && t.has(code) ? t(code) : null;
    return (locale === 'en' ? (detail ?? sentence) : (sentence ?? detail)) ?? '';
  };
}
