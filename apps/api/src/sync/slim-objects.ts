/**
 * What sync keeps of the objects that it watches: enough to plan, nothing secret. A Secret's
 * content becomes its keyed hash while its event is being read; the content is not kept.
 */
import {
  type ObservedNamespace,
  type ObservedSecret,
  type ObservedServiceAccount,
  PULL_SECRET_KEY,
  SYNC_MARKS,
} from '@moorage/core';
import type { NamespaceObject, SecretObject, ServiceAccountObject } from '@moorage/kube';

export interface SlimNamespace extends ObservedNamespace {
  readonly labels: Readonly<Record<string, string>>;
  readonly phase: string;
}

export type ContentHash = (bytes: Buffer | string) => string;

const NOTHING: readonly string[] = [];

export function slimNamespace({ metadata, status }: NamespaceObject): SlimNamespace {
  return {
    name: metadata.name,
    terminating: metadata.deletionTimestamp !== undefined || status?.phase === 'Terminating',
    ignored: isIgnored(metadata.annotations),
    labels: metadata.labels ?? {},
    phase: status?.phase ?? 'Active',
  };
}

export function slimServiceAccount(object: ServiceAccountObject): ObservedServiceAccount {
  const { metadata, imagePullSecrets } = object;
  return {
    name: metadata.name,
    uid: metadata.uid ?? '',
    resourceVersion: metadata.resourceVersion ?? '',
    imagePullSecrets: imagePullSecrets?.map((entry) => entry.name ?? '') ?? NOTHING,
    ignored: isIgnored(metadata.annotations),
    terminating: metadata.deletionTimestamp !== undefined,
  };
}

export function slimSecret(object: SecretObject, contentHash: ContentHash): ObservedSecret {
  const { metadata, data } = object;
  const keys = Object.keys(data ?? {}).filter((key) => key !== PULL_SECRET_KEY);
  const marked = metadata.annotations?.[SYNC_MARKS.contentHashAnnotation] ?? null;
  const digest = digestOf(data ?? {}, contentHash);
  return {
    name: metadata.name,
    uid: metadata.uid ?? '',
    resourceVersion: metadata.resourceVersion ?? '',
    type: object.type ?? 'Opaque',
    immutable: object.immutable === true,
    environmentId: metadata.labels?.[SYNC_MARKS.environmentLabel] ?? null,
    targetId: metadata.annotations?.[SYNC_MARKS.targetAnnotation] ?? null,
    contentHash: marked,
    // Nearly always equal: then one string is kept, not two.
    digest: digest === marked ? marked : digest,
    extraKeys: keys.length === 0 ? NOTHING : keys.sort(),
  };
}

function digestOf(data: Readonly<Record<string, string>>, contentHash: ContentHash): string {
  const pullSecret = data[PULL_SECRET_KEY];
  return pullSecret === undefined ? hashFiles(data, contentHash) : contentHash(pullSecret);
}

/** Of several keys: names and values with their lengths, in the order of the names. */
export function hashFiles(
  data: Readonly<Record<string, string>>,
  contentHash: ContentHash,
): string {
  const parts = Object.keys(data)
    .sort()
    .map((key) => `${key.length}:${key}${data[key]?.length ?? 0}:${data[key] ?? ''}`);
  return contentHash(parts.join(''));
}

function isIgnored(annotations: Readonly<Record<string, string>> | undefined): boolean {
  return annotations?.[SYNC_MARKS.ignoreAnnotation] === 'true';
}
