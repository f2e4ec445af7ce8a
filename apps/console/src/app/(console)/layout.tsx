import type { ReactNode } from 'react';
import { Shell } from '../../features/navigation/components/shell';
import { loadSession } from '../../lib/session';

/** Nothing of the console is shown to somebody who is not signed in, so this waits for the session. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  return <Shell session={await loadSession()}>{children}</Shell>;
}
