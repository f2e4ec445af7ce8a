/**
 * A `registries.yaml` as K3s and RKE2 hold it in memory after loading, with the position of
 * everything that a finding may point at.
 *
 * Source: wharfie `pkg/registries/types.go` (the structs are the whole schema).
 *
 * Does not handle: `auths`, which is parsed and never used.
 */
import type { RewriteRule } from '../rewrite.js';
import type { SecretText } from '../secret-text.js';
import type { Position } from './diagnostic.js';

export interface EndpointText {
  readonly text: string;
  readonly at: Position;
}

export interface PlacedRule extends RewriteRule {
  readonly at: Position;
}

export interface MirrorSpec {
  readonly at: Position;
  readonly endpoints: readonly EndpointText[];
  readonly rewrites: readonly PlacedRule[];
}

export interface AuthSpec {
  readonly at: Position;
  readonly username: string;
  readonly password: SecretText;
  /** base64 of `user:password`. */
  readonly auth: SecretText;
  /** An OAuth2 refresh token. */
  readonly identityToken: SecretText;
}

export interface TlsSpec {
  readonly at: Position;
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
  readonly insecureSkipVerify: boolean;
}

export interface ConfigSpec {
  readonly at: Position;
  /** Null when absent; present and empty is another thing. */
  readonly auth: AuthSpec | null;
  readonly tls: TlsSpec | null;
}

export interface RegistriesFile {
  readonly mirrors: ReadonlyMap<string, MirrorSpec>;
  readonly configs: ReadonlyMap<string, ConfigSpec>;
}

export const emptyRegistriesFile: RegistriesFile = { mirrors: new Map(), configs: new Map() };
