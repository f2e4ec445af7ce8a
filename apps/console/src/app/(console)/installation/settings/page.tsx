import { permanentRedirect } from 'next/navigation';

/** The settings became the policy; bookmarks still work. */
export default function InstallationSettingsPage() {
  permanentRedirect('/installation/policy');
}
