/**
 * The line of a rendered `registries.yaml` that a finding is about. Findings of node config name an
 * entry (`mirrors.docker.io`, `configs["ghcr.io"].auth`); the renderer writes each entry on a line of
 * its own, two blanks deep.
 */
export interface Entry {
  readonly section: 'mirrors' | 'registries';
  readonly name: string;
}

const BY_DOT = /^(mirrors|registries)\.(.+)$/;
/** The whole rest of `mirrors.docker.io` is a name; `configs.registry.auth` of the checker is not. */
const BY_KEY = /^(?:(mirrors|configs)\["((?:[^"\\]|\\.)*)"\]|configs\.([A-Za-z_]\w*))/;

/** The mirror or the registry that a finding's path starts with. */
export function entryOf(path: string | null): Entry | null {
  const byKey = BY_KEY.exec(path ?? '');
  const byDot = BY_DOT.exec(path ?? '');
  if (byKey !== null) return entry(byKey[1], byKey[2] ?? byKey[3] ?? '');
  return byDot === null ? null : entry(byDot[1], byDot[2] ?? '');
}

function entry(section: string | undefined, name: string): Entry {
  return { section: section === 'mirrors' ? 'mirrors' : 'registries', name };
}

/** Nodes look for the login of Docker Hub under the host that they ask. */
function keyOf({ section, name }: Entry): string {
  return section === 'registries' && name === 'docker.io' ? 'registry-1.docker.io' : name;
}

/** One-based; null where the file has no such entry. */
export function lineOfEntry(content: string, entry: Entry): number | null {
  const lines = content.split('\n');
  const head = entry.section === 'mirrors' ? 'mirrors:' : 'configs:';
  const start = lines.indexOf(head);
  if (start < 0) return null;
  const name = keyOf(entry);
  const spellings = [name, JSON.stringify(name), `'${name}'`];
  for (let at = start + 1; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (/^\S/.test(line)) return null;
    if (spellings.some((key) => line.startsWith(`  ${key}:`))) return at + 1;
  }
  return null;
}
