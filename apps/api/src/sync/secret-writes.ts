/**
 * The bodies of our writes. A Secret's content is spliced in as bytes just before the request and
 * overwritten after it; everything around it holds no secret.
 */
import {
  PULL_SECRET_KEY,
  PULL_SECRET_TYPE,
  type SecretWrite,
  type ServiceAccountChange,
  SYNC_MARKS,
} from '@moorage/core';

export interface Marks {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface MarkedObject {
  readonly installationId: string;
  readonly environmentId: string;
  readonly targetId: string;
  readonly contentHash: string;
}

export function buildMarks(object: MarkedObject): Marks {
  return {
    labels: {
      [SYNC_MARKS.managedByLabel]: SYNC_MARKS.managedBy,
      [SYNC_MARKS.installationLabel]: object.installationId,
      [SYNC_MARKS.environmentLabel]: object.environmentId,
    },
    annotations: {
      [SYNC_MARKS.contentHashAnnotation]: object.contentHash,
      [SYNC_MARKS.targetAnnotation]: object.targetId,
    },
  };
}

/** `base64` is the content as it stands in `data`; it must be safe inside a JSON string. */
export function buildSecretBody(
  write: SecretWrite,
  installationId: string,
  base64: Buffer,
): Buffer {
  const marks = buildMarks({ installationId, ...write });
  const head =
    write.action === 'create'
      ? {
          apiVersion: 'v1',
          kind: 'Secret',
          type: PULL_SECRET_TYPE,
          metadata: { name: write.name, ...marks },
        }
      : {
          // Cannot be changed: the cluster refuses to let us into an adopted Secret of another type.
          type: PULL_SECRET_TYPE,
          metadata: { uid: write.uid, resourceVersion: write.resourceVersion, ...marks },
        };
  const dropped = write.dropKeys.map((key) => `${JSON.stringify(key)}:null,`).join('');
  const before = `${JSON.stringify(head).slice(0, -1)},"data":{${dropped}${JSON.stringify(PULL_SECRET_KEY)}:"`;
  return Buffer.concat([Buffer.from(before, 'utf8'), base64, CLOSING]);
}

const CLOSING = Buffer.from('"}}', 'utf8');

/** RFC 7386: the whole list, under the version that it was made from. */
export function buildServiceAccountPatch(change: ServiceAccountChange): string {
  return JSON.stringify({
    metadata: { uid: change.uid, resourceVersion: change.resourceVersion },
    imagePullSecrets: change.imagePullSecrets.map((name) => (name === '' ? {} : { name })),
  });
}
