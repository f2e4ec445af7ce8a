import { Err, Ok, type Result } from '@moorage/core';
import { type Document, isScalar, parseDocument, visit } from 'yaml';
import { type KubeconfigError, refuse } from './kubeconfig-error.js';
import { type KubeconfigDocument, kubeconfigSchema } from './kubeconfig-schema.js';

/** kubectl's own limit for one object is etcd's 1.5 MiB; real kubeconfigs have a few kilobytes. */
export const maxKubeconfigBytes = 1_048_576;
/** Kubeconfigs do not use aliases; a few are let pass, a "billion laughs" is not. */
const maxAliases = 20;

/** Text → a document of known shape; errors quote nothing of it. */
export function readKubeconfigDocument(text: string): Result<KubeconfigDocument, KubeconfigError> {
  const trimmed = text.trim();
  if (trimmed === '') return Err(refuse('kubeconfig.empty', 'The kubeconfig is empty.'));
  if (new TextEncoder().encode(text).length > maxKubeconfigBytes) {
    return Err(refuse('kubeconfig.too-large', 'The kubeconfig is larger than 1 MiB.'));
  }
  if (/^(<!doctype\s|<html|<\?xml|<head|<body)/i.test(trimmed)) {
    return Err(
      refuse(
        'kubeconfig.html',
        'This is a web page (perhaps a login page), not a kubeconfig. Download the file again while signed in.',
      ),
    );
  }
  const plain = parseYaml(trimmed);
  if (!plain.ok) return plain;
  return checkShape(plain.value);
}

function parseYaml(text: string): Result<unknown, KubeconfigError> {
  try {
    const document = parseDocument(text, {
      schema: 'core',
      logLevel: 'silent',
      prettyErrors: true,
      // The parser would compare every key with all before it: minutes for a document of 1 MiB.
      uniqueKeys: false,
    });
    const [error] = document.errors;
    if (error !== undefined) {
      const at = error.linePos?.[0];
      const where = at === undefined ? '' : ` (line ${at.line}, column ${at.col})`;
      // The parser's message quotes the line, which may hold a token: only its place is told.
      return Err(refuse('kubeconfig.invalid-yaml', `The kubeconfig is not valid YAML${where}.`));
    }
    if (hasRepeatedKey(document)) {
      const detail = 'The kubeconfig is not valid YAML: a key stands twice in one map.';
      return Err(refuse('kubeconfig.invalid-yaml', detail));
    }
    return Ok(document.toJS({ maxAliasCount: maxAliases }));
  } catch {
    // Thrown for the number of aliases, and where the nesting exhausts the stack.
    const detail = 'The kubeconfig uses more YAML aliases, or is nested deeper, than allowed.';
    return Err(refuse('kubeconfig.invalid-yaml', detail));
  }
}

function hasRepeatedKey(document: Document): boolean {
  let isRepeated = false;
  visit(document, {
    Map(_key, { items }) {
      const names = new Set(items.map(({ key }) => (isScalar(key) ? key.value : key)));
      if (names.size === items.length) return undefined;
      isRepeated = true;
      return visit.BREAK;
    },
  });
  return isRepeated;
}

function checkShape(plain: unknown): Result<KubeconfigDocument, KubeconfigError> {
  if (!looksLikeKubeconfig(plain)) {
    return Err(
      refuse(
        'kubeconfig.not-a-kubeconfig',
        'This is not a kubeconfig: it has no list of clusters.',
      ),
    );
  }
  const parsed = kubeconfigSchema.safeParse(plain);
  if (!parsed.success) {
    const path = (parsed.error.issues[0]?.path ?? []).map(String);
    const pointer = `/${path.join('/')}`;
    return Err(
      refuse('kubeconfig.invalid', `The kubeconfig has a wrong or missing value at ${pointer}.`, {
        pointer,
      }),
    );
  }
  const document = parsed.data;
  for (const list of [document.clusters, document.users, document.contexts]) {
    if (new Set(list.map((entry) => entry.name)).size < list.length) {
      return Err(
        refuse(
          'kubeconfig.duplicate-name',
          'Two entries of the kubeconfig have the same name, so which one is meant is unclear.',
        ),
      );
    }
  }
  return Ok(document);
}

function looksLikeKubeconfig(plain: unknown): boolean {
  if (typeof plain !== 'object' || plain === null) return false;
  if ('kind' in plain && plain.kind !== undefined && plain.kind !== 'Config') return false;
  return 'clusters' in plain && Array.isArray(plain.clusters);
}
