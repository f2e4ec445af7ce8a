/**
 * Prepares a list of images, such as `k3s-images.txt`, for mirroring: where each is to be copied, what
 * lets nodes find the copies there, and the script that copies.
 *
 *   list := line*      line := [ image ] [ "#" comment ]      blank lines, CRLF and a BOM are no matter
 *
 * An image keeps its repository name below the target's path. So the mirror of its registry needs the
 * target as its endpoint, and one rewrite if the target has a path.
 *
 * Source: K3s and RKE2 release files; distribution/reference for the names; skopeo-copy(1), which takes
 * no reference with both a tag and a digest.
 *
 * Does not handle: whether an image exists, and logins.
 */

import { visibleText } from '../finding-parameters.js';
import { hideLogin } from '../hide-login.js';
import {
  formatNormalized,
  type ImageReference,
  type ImageReferenceErrorCode,
  parseImageReference,
} from '../image-reference.js';
import type { NodeConfigMirror } from '../node-config/model.js';
import { parseRegistryAddress } from '../registry-host.js';
import { repositoryPathMaxLength } from '../repository-path.js';
import { Err, Ok, type Result } from '../result.js';
import type { ImageListCode } from './codes.js';
import { buildCopyScript } from './copy-script.js';
import type { CopyTarget, PlannedCopy } from './planned-copy.js';

export interface ImageListQuestion {
  readonly document: string;
  /** `reg.example.com`, `reg.example.com:5000/mirror`, `http://reg.lan`. */
  readonly target: string;
}

export interface ImageListPlan {
  readonly images: readonly PlannedCopy[];
  readonly problems: readonly ImageListProblem[];
  /** Lines that name an image which a line before has named. */
  readonly duplicates: number;
  readonly mirrors: readonly NodeConfigMirror[];
  readonly script: string;
}

export interface ImageListProblem {
  readonly line: number;
  readonly text: string;
  readonly code: ImageListCode | ImageReferenceErrorCode;
  readonly detail: string;
}

export interface ImageListTargetError {
  readonly code: string;
  readonly detail: string;
  readonly suggestion?: string;
}

// The list of a release has a few dozen images, that of everything in Rancher about a thousand.
const maxImages = 5000;
const maxProblems = 500;

export function planImageList({
  document,
  target: written,
}: ImageListQuestion): Result<ImageListPlan, ImageListTargetError> {
  const parsed = parseRegistryAddress(written);
  if (!parsed.ok) return Err(parsed.error);
  const { address, path, scheme } = parsed.value;
  const target: CopyTarget = { address, path, scheme: scheme ?? 'https' };
  const reader = new ListReader(target);
  const lines = document.replace(/^\ufeff/, '').split(/\r\n|\r|\n/);
  for (const [index, line] of lines.entries()) {
    if (!reader.read(index + 1, line)) break;
  }
  const { images, problems, duplicates } = reader;
  return Ok({
    images: images.map(({ line, source, target: to }) => ({ line, source, target: to })),
    problems,
    duplicates,
    mirrors: mirrorsOf([...reader.registries], target),
    script: buildCopyScript(images, target),
  });
}

class ListReader {
  readonly images: (PlannedCopy & { readonly pullable: string })[] = [];
  readonly problems: ImageListProblem[] = [];
  readonly registries = new Set<string>();
  duplicates = 0;
  readonly #sources = new Set<string>();
  readonly #targets = new Set<string>();

  constructor(readonly target: CopyTarget) {}

  /** False when the list has grown beyond any honest use and the rest is not read. */
  read(line: number, written: string): boolean {
    const text = written.replace(/(^|\s)#.*$/, '').trim();
    if (text === '') return true;
    const parsed = parseLine(text);
    if (!parsed.ok) return this.#problem(line, text, parsed.error);
    return this.#plan(line, text, parsed.value);
  }

  #plan(line: number, text: string, reference: ImageReference): boolean {
    const source = formatNormalized(reference);
    if (this.#sources.has(source)) {
      this.duplicates += 1;
      return true;
    }
    const refusal = this.#refusal(reference);
    if (refusal !== null) return this.#problem(line, text, refusal);
    const target = targetOf(reference, this.target);
    if (this.#targets.has(target)) {
      const detail = `Another image of this list is copied to ${target} already.`;
      return this.#problem(line, text, { code: 'image-list.target-taken', detail });
    }
    if (this.images.length >= maxImages) {
      const detail = `At most ${maxImages} images; this line and those after it are not read.`;
      this.#problem(line, text, { code: 'image-list.too-many-images', detail });
      return false;
    }
    this.#sources.add(source);
    this.#targets.add(target);
    this.registries.add(reference.registry);
    this.images.push({ line, source, target, pullable: pullableOf(reference) });
    return true;
  }

  #refusal({ registry, repository }: ImageReference): Refusal | null {
    const { address, path } = this.target;
    if (registry === address) {
      return { code: 'image-list.is-on-target', detail: `This image is on ${address} already.` };
    }
    const own = parseRegistryAddress(registry);
    if (!own.ok || own.value.address !== registry) {
      const detail = `No mirror can be named ${registry}, so nodes would not find the copy.`;
      return { code: 'image-list.registry-has-no-mirror', detail };
    }
    const length = repository.length + (path === null ? 0 : path.length + 1);
    return length > repositoryPathMaxLength
      ? {
          code: 'image-list.target-too-long',
          detail: `Below ${path} the name has more than ${repositoryPathMaxLength} characters.`,
        }
      : null;
  }

  #problem(line: number, text: string, { code, detail }: Refusal): boolean {
    const shown = visibleText(hideLogin(text));
    this.problems.push({ line, text: shown, code, detail });
    if (this.problems.length < maxProblems) return true;
    const rest = 'This is hardly a list of images; the lines after this one are not read.';
    this.problems.push({ line, text: shown, code: 'image-list.too-many-problems', detail: rest });
    return false;
  }
}

type Refusal = Pick<ImageListProblem, 'code' | 'detail'>;

function parseLine(text: string): Result<ImageReference, Refusal> {
  if (/\s/.test(text)) {
    return Err({ code: 'image-list.blanks', detail: 'One image a line, and nothing beside it.' });
  }
  const parsed = parseImageReference(text);
  return parsed.ok ? parsed : Err({ code: parsed.error.code, detail: parsed.error.detail });
}

/** A digest goes along; with a tag beside it the copy gets the tag. */
function targetOf({ repository, tag, digest }: ImageReference, target: CopyTarget): string {
  const name = [target.address, target.path, repository].filter((part) => part !== null).join('/');
  if (tag !== null || digest === null) return `${name}:${tag ?? 'latest'}`;
  return `${name}@${digest}`;
}

/** What skopeo can be told: by digest alone if there is one. */
function pullableOf(reference: ImageReference): string {
  return formatNormalized(reference.digest === null ? reference : { ...reference, tag: null });
}

function mirrorsOf(
  registries: readonly string[],
  { address, path, scheme }: CopyTarget,
): readonly NodeConfigMirror[] {
  const host = address === 'docker.io' ? 'registry-1.docker.io' : address;
  const rewrites = path === null ? [] : [{ pattern: '^(.*)$', replacement: `${path}/$1` }];
  return registries
    .toSorted()
    .map((registry) => ({ registry, endpoints: [`${scheme}://${host}`], rewrites }));
}
