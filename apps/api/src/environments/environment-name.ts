/** The name of an environment: a DNS label of at most 40 characters that starts with a letter. */
import { isUuid } from '../http/uuid.js';

const MAX_LENGTH = 40; // `moorage-<name>` and a target's suffix still fit a label of 63
/** One that is shaped like a UUID could be mistaken for an id in `/environments/{env}`. */
export function isReservedName(name: string): boolean {
  return isUuid(name);
}

/** A name made from what people call it; `environment` when nothing of that can be kept. */
export function nameFromDisplayName(displayName: string): string {
  const label = displayName
    .normalize('NFKD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, MAX_LENGTH)
    .replace(/-+$/, '');
  return label === '' || isReservedName(label) ? 'environment' : label;
}

/** The name itself if it is free, else the first free `name-2`, `name-3`, … */
export function firstFreeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let n = 2; ; n += 1) {
    const suffix = `-${n}`;
    const candidate = `${name.slice(0, MAX_LENGTH - suffix.length).replace(/-+$/, '')}${suffix}`;
    if (!taken.has(candidate)) return candidate;
  }
}
