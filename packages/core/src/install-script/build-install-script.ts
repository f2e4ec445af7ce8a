/**
 * A POSIX shell script that puts the files of a node config onto the node where it runs. The files
 * stand in it as they are, so that whoever runs it can read first what it does.
 *
 *   sh install.sh                      below /, as root
 *   MOORAGE_ROOT=/mnt/image sh …       below another folder: for images, and to try it
 *
 * Who runs it with --help wants to read, not to install: with any argument it does nothing.
 *
 * Each file is written beside its place, with its mode, and renamed over it: a reader sees the old one
 * or the new one. A file that is the same is not touched; one that differs is kept as
 * `<file>.moorage-backup`. Missing folders are made with 0700. All of it stands in a function that the
 * last line calls, so a script that was cut off on its way does nothing.
 *
 * `daemon.json` and files of logins may hold what others have put there. They are replaced only if they
 * are what an earlier run wrote (kept as `<file>.moorage`); else the new content is left beside them as
 * `<file>.moorage-offer`, to be merged by a person.
 *
 * Does not handle: restarting anything, removing files of an earlier config, systems without `cmp`,
 * `mkdir -p` or `mv` (they are POSIX).
 */
import type { NodeConfigFormat } from '../node-config/build-node-config.js';
import type { NodeFile, RestartCost } from '../node-config/model.js';
import { quoteShell } from '../quote-shell.js';
import { adviceFor } from './advice.js';
import { hereDocument } from './here-document.js';

export interface InstallSubject {
  readonly environment: string;
  readonly format: NodeConfigFormat;
  readonly restart: RestartCost;
  readonly files: readonly NodeFile[];
}

export function buildInstallScript({
  environment,
  format,
  restart,
  files,
}: InstallSubject): string {
  return [
    '#!/bin/sh',
    `# Moorage: the node config of the environment ${environment} as ${format}.`,
    '# It holds passwords: do not keep it. It restarts nothing.',
    '# MOORAGE_ROOT=<folder> installs below that folder instead of /.',
    'set -eu',
    'umask 077',
    prelude,
    'main() {',
    `root=\${MOORAGE_ROOT:-}`,
    'changed=no',
    `if [ "$#" -gt 0 ]; then fail ${quoteShell('this script takes no arguments')}; fi`,
    `if [ -z "$root" ] && [ "$(id -u)" != 0 ]; then fail ${quoteShell('run this as root')}; fi`,
    ...files.map(({ path }) => `check_place ${placeOf(path)}`),
    ...files.map(({ path, mode, content }) =>
      hereDocument(
        `${isShared(path) ? 'offer' : 'install'}_file ${mode} ${placeOf(path)}`,
        content,
      ),
    ),
    'if [ "$changed" = no ]; then',
    "say 'Nothing was different; nothing has to be restarted.'",
    'else',
    ...adviceFor(format, restart).map((line) => `say ${quoteShell(line)}`),
    'fi',
    '}',
    'main "$@"',
    '',
  ].join('\n');
}

/** An absolute path goes below the root, another one into the folder where the script runs. */
function placeOf(path: string): string {
  return path.startsWith('/') ? `"$root"${quoteShell(path)}` : quoteShell(`./${path}`);
}

const sharedFiles = /\/(?:daemon|auth|config)\.json$/;

function isShared(path: string): boolean {
  return sharedFiles.test(path);
}

// Positional parameters and not names: `local` is no part of POSIX.
const prelude = `
say() { printf '%s\\n' "$1"; }

fail() {
  printf 'moorage: %s; nothing was changed\\n' "$1" >&2
  exit 1
}

# check_place FILE: what is no ordinary file is somebody's arrangement, and stays
check_place() {
  if [ -L "$1" ]; then fail "$1 is a symbolic link"; fi
  if [ -e "$1" ] && [ ! -f "$1" ]; then fail "$1 is no file"; fi
}

# make_folder FOLDER: for its owner alone; folders above it that are missing are others' as well
make_folder() {
  if [ -d "$1" ]; then return; fi
  case "$1" in
  */*) (umask 022 && mkdir -p "\${1%/*}/") ;;
  esac
  mkdir -p "$1"
}

# write_file MODE FILE: standard input, at once
write_file() {
  make_folder "\${2%/*}"
  rm -f "$2.moorage-new"
  cat > "$2.moorage-new"
  chmod "$1" "$2.moorage-new"
  sync
  mv -f "$2.moorage-new" "$2"
}

# install_file MODE FILE: standard input is the new content
install_file() {
  write_file 0600 "$2.moorage-next"
  if [ -f "$2" ] && cmp -s "$2" "$2.moorage-next"; then
    chmod "$1" "$2"
    rm -f "$2.moorage-next"
    say "unchanged: $2"
    return
  fi
  if [ -f "$2" ]; then write_file 0600 "$2.moorage-backup" < "$2"; fi
  chmod "$1" "$2.moorage-next"
  mv -f "$2.moorage-next" "$2"
  changed=yes
  say "written:   $2"
}

# offer_file MODE FILE: as install_file, for a file that others write to as well
offer_file() {
  if [ -f "$2" ] && { [ ! -f "$2.moorage" ] || ! cmp -s "$2" "$2.moorage"; }; then
    write_file 0600 "$2.moorage-next"
    if cmp -s "$2" "$2.moorage-next"; then
      rm -f "$2.moorage-next"
      say "unchanged: $2"
      return
    fi
    mv -f "$2.moorage-next" "$2.moorage-offer"
    changed=yes
    say "left:      $2 was written by others; merge $2.moorage-offer into it"
    return
  fi
  install_file "$1" "$2"
  write_file 0600 "$2.moorage" < "$2"
}
`.trimEnd();
