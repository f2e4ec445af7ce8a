import { permanentRedirect } from 'next/navigation';

interface PageProps {
  readonly params: Promise<{ env: string }>;
}

/** The settings became the policy; bookmarks still work. */
export default async function SettingsPage({ params }: PageProps) {
  const { env } = await params;
  permanentRedirect(`/e/${env}/policy`);
}
