'use client';

import { type ReactNode, useEffect, useRef } from 'react';

let isFirstPage = true;

/** The page's h1; takes the focus on every navigation but the first, so that the new page is read out. */
export function FocusedTitle({ children }: { children: ReactNode }) {
  const ref = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!isFirstPage) ref.current?.focus();
    isFirstPage = false;
  }, []);
  return (
    <h1 ref={ref} tabIndex={-1}>
      {children}
    </h1>
  );
}
