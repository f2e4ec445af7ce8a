import type { ClusterAccess } from './cluster-access.js';

const metadataOf = (kind: 'PartialObjectMetadata' | 'PartialObjectMetadataList'): string =>
  `application/json;as=${kind};g=meta.k8s.io;v=v1,application/json`;

/** Header lists, made once per client: name and value in turn, as undici takes them. */
export class RequestHeaders {
  readonly #common: readonly string[];
  readonly #plain: readonly string[];

  constructor(access: ClusterAccess, userAgent: string) {
    const authorization =
      access.auth.kind === 'token' ? ['authorization', `Bearer ${access.auth.token.reveal()}`] : [];
    this.#common = ['user-agent', userAgent, ...authorization];
    this.#plain = [...this.#common, 'accept', 'application/json'];
  }

  accepting(mediaType: string): readonly string[] {
    return [...this.#common, 'accept', mediaType];
  }

  of(contentType: string | null, projection: 'list' | 'object' | undefined): readonly string[] {
    const accepting =
      projection === undefined
        ? this.#plain
        : [
            ...this.#common,
            'accept',
            metadataOf(
              projection === 'list' ? 'PartialObjectMetadataList' : 'PartialObjectMetadata',
            ),
          ];
    return contentType === null ? accepting : [...accepting, 'content-type', contentType];
  }
}
