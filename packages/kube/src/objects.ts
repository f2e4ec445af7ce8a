/**
 * The few Kubernetes object shapes that Moorage reads and writes, as they stand on the wire.
 *
 * The generated models of `@kubernetes/client-node` are the source of the field names; they are
 * narrowed here because the generated types make every field optional and turn timestamps into
 * `Date`, which JSON never holds.
 */
import type {
  V1LocalObjectReference,
  V1Namespace,
  V1Secret,
  V1ServiceAccount,
} from '@kubernetes/client-node';

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Any object of the API: what every kind has. */
export interface KubeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta;
}

export interface NamespaceObject extends KubeObject {
  readonly status?: Readonly<Pick<NonNullable<V1Namespace['status']>, 'phase'>>;
}

export interface SecretObject extends KubeObject {
  readonly type?: NonNullable<V1Secret['type']>;
  readonly immutable?: boolean;
  /** Values are base64. */
  readonly data?: Readonly<NonNullable<V1Secret['data']>>;
}

export interface ServiceAccountObject extends KubeObject {
  readonly imagePullSecrets?: readonly Readonly<Pick<V1LocalObjectReference, 'name'>>[];
  readonly automountServiceAccountToken?: NonNullable<
    V1ServiceAccount['automountServiceAccountToken']
  >;
}

export interface ConfigMapObject extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

/** A complete list: all pages, at the version of the first. */
export interface KubeList<T> {
  readonly items: readonly T[];
  readonly resourceVersion: string;
}

/** Reply of `GET /version`. */
export interface VersionInfo {
  readonly major: string;
  readonly minor: string;
  readonly gitVersion: string;
}
