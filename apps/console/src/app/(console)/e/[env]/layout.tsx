import type { ReactNode } from 'react';
import { requireEnvironment } from '../../../../lib/session';

export default async function EnvironmentLayout({
  params,
  children,
}: {
  params: Promise<{ env: string }>;
  children: ReactNode;
}) {
  await requireEnvironment((await params).env);
  return children;
}
