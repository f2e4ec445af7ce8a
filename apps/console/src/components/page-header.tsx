import type { ReactNode } from 'react';
import { FocusedTitle } from './focused-title';

/** Title, what it is about, and at the right the page's actions. */
export function PageHeader({
  title,
  about,
  children,
}: {
  title: ReactNode;
  about?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <div className="row">
      <FocusedTitle>{title}</FocusedTitle>
      {about !== undefined && (
        <span className="dim" aria-live="polite">
          {about}
        </span>
      )}
      <div className="row push">{children}</div>
    </div>
  );
}
