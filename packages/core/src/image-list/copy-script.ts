/**
 * The script that copies images with skopeo: all platforms, digests kept, one after the other. It goes
 * on after a failure, tells what failed and can be run again.
 *
 * Source: skopeo-copy(1).
 *
 * Does not handle: logins; skopeo takes them from where `skopeo login` or podman has put them.
 */
import { quoteShell } from '../quote-shell.js';
import type { CopyTarget, PlannedCopy } from './planned-copy.js';

interface Copy extends PlannedCopy {
  /** The source as skopeo takes it. */
  readonly pullable: string;
}

export function buildCopyScript(images: readonly Copy[], { address, scheme }: CopyTarget): string {
  const options = [
    '--all',
    '--preserve-digests',
    '--retry-times 3',
    ...(scheme === 'http' ? ['--dest-tls-verify=false'] : []),
  ];
  return [
    '#!/bin/sh',
    `# Moorage: copies ${images.length} images to ${address}. Log in first: skopeo login ${address}`,
    'set -u',
    'failed=0',
    '',
    '# copy SOURCE TARGET',
    'copy() {',
    `  printf '%s -> %s\\n' "$1" "$2"`,
    `  skopeo copy ${options.join(' ')} "docker://$1" "docker://$2" && return`,
    `  printf 'failed: %s\\n' "$1" >&2`,
    '  failed=$((failed + 1))',
    '}',
    '',
    'main() {',
    'command -v skopeo > /dev/null || { echo "skopeo is not installed" >&2; exit 2; }',
    ...images.map(({ pullable, target }) => `copy ${quoteShell(pullable)} ${quoteShell(target)}`),
    'if [ "$failed" -gt 0 ]; then',
    `  printf '%s images were not copied; run this again\\n' "$failed" >&2`,
    '  exit 1',
    'fi',
    '}',
    'main',
    '',
  ].join('\n');
}
