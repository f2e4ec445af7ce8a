/**
 * What to write and remove on a node, from three pictures of each file: how it shall be, how it is,
 * and how the agent last left it. The third tells a hand edit from an old version:
 *
 *     shall be   left as   is          →
 *     A          –         –           write
 *     A          –         B           write, keep B       somebody's file, before the agent came
 *     A          any       A           nothing
 *     A          A         B or –      drift               a hand edit; it stays and is shown
 *     A          B         B or –      write
 *     A          B         C           write, keep C       a new version over a hand edit
 *     –          B         B           remove
 *     –          B         C           remove, keep C
 *     –          –         C           nothing             not ours
 *
 * A hand edit is not reverted, because somebody had a reason and would fight the agent otherwise.
 * But a newer version does take its place: a rotated password or a mirror that was taken away must
 * arrive. What was there is kept and reported.
 *
 * Files are compared by digest. A run that was cut off may have left a file as that run wanted it;
 * such a file is the agent's own. Several may have been cut off in a row, each wanting another, so
 * intentions add up until a run is complete.
 *
 * Does not handle: permissions and owners; contents.
 */
export interface WantedFile {
  readonly path: string;
  readonly digest: string;
}

/** By path: a digest, or null for a file that is not there. */
export type FilePicture = ReadonlyMap<string, string | null>;

export type Intentions = ReadonlyMap<string, readonly (string | null)[]>;

export interface NodeFilesQuestion {
  /** In the order in which they are to be written. */
  readonly wanted: readonly WantedFile[];
  /** Of every wanted and every left file. */
  readonly present: FilePicture;
  /** How the last complete run left them. */
  readonly left: FilePicture;
  /** What runs that were cut off, one after another, were about to make of them. */
  readonly intended: Intentions;
  /** A person asked for the product's version in place of hand edits. */
  readonly writeOver: boolean;
}

export interface FileChange {
  readonly path: string;
  readonly action: 'write' | 'remove';
  /** What is there is somebody else's work: keep a copy and say so. */
  readonly keep: boolean;
}

export interface FileDrift {
  readonly path: string;
  readonly change: 'changed' | 'removed' | 'added';
}

export interface NodeFilesPlan {
  /** In order: writes as wanted, then removals, last left first. */
  readonly changes: readonly FileChange[];
  readonly drift: readonly FileDrift[];
}

export function planNodeFiles(question: NodeFilesQuestion): NodeFilesPlan {
  const { wanted, left } = question;
  const steps = wanted.map((file) => stepOf(file, question)).filter((step) => step !== null);
  const paths = new Set(wanted.map(({ path }) => path));
  const unwanted = [...new Set([...left.keys(), ...question.intended.keys()])]
    .filter((path) => !paths.has(path))
    .toReversed();
  return {
    changes: [
      ...steps.filter((step) => 'action' in step),
      ...unwanted.map((path) => removalOf(path, question)).filter((step) => step !== null),
    ],
    drift: steps.filter((step) => 'change' in step),
  };
}

function stepOf(
  { path, digest }: WantedFile,
  question: NodeFilesQuestion,
): FileChange | FileDrift | null {
  const present = question.present.get(path) ?? null;
  const left = question.left.get(path) ?? null;
  if (present === digest) return null;
  const isOurs = present === left || isIntended(path, present, question);
  if (left === digest && !isOurs && !question.writeOver) {
    return { path, change: present === null ? 'removed' : 'changed' };
  }
  return { path, action: 'write', keep: present !== null && !isOurs };
}

function removalOf(path: string, question: NodeFilesQuestion): FileChange | null {
  const present = question.present.get(path) ?? null;
  if (present === null) return null;
  const isOurs = present === question.left.get(path) || isIntended(path, present, question);
  // Known only from an interrupted run, and not as that run wanted it: never ours.
  if (!isOurs && !question.left.has(path)) return null;
  return { path, action: 'remove', keep: !isOurs };
}

function isIntended(
  path: string,
  present: string | null,
  { intended }: NodeFilesQuestion,
): boolean {
  return intended.get(path)?.includes(present) === true;
}

/** The intentions of a run that is about to begin, on top of those that were not finished. */
export function addIntentions(
  before: Readonly<Record<string, readonly (string | null)[]>>,
  { changes }: NodeFilesPlan,
  wanted: readonly WantedFile[],
): Readonly<Record<string, (string | null)[]>> {
  const digests = new Map(wanted.map(({ path, digest }) => [path, digest]));
  const added = changes.map(({ path }) => {
    return [path, [...new Set([...(before[path] ?? []), digests.get(path) ?? null])]] as const;
  });
  const all: Record<string, (string | null)[]> = {};
  for (const [path, each] of [...Object.entries(before), ...added]) all[path] = [...each];
  return all;
}
