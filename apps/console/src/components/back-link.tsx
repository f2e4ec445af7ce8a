import { IconChevronLeft } from '@tabler/icons-react';
import Link from 'next/link';
import type { ReactNode } from 'react';

/** The one step of a breadcrumb that detail pages have. */
export function BackLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link href={href} className="row-tight" style={{ width: 'max-content', gap: 2 }}>
      <IconChevronLeft size={14} aria-hidden />
      {children}
    </Link>
  );
}
