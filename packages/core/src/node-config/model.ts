/**
 * What an environment wants of the nodes of a cluster, and what is handed to them. The input names
 * registries, mirrors and effective credentials in the product's words; the output is files.
 *
 * Does not handle: choosing which credential is effective, or which environment owns a cluster's
 * nodes. Both are decided before.
 */
import type { FindingParameters } from '../finding-parameters.js';
import type { RegistriesYamlCode } from '../registries-yaml/codes.js';
import type { RewriteRule } from '../rewrite.js';
import type { SecretText } from '../secret-text.js';
import type { NodeConfigCode } from './codes.js';

export type NodeDistribution = 'k3s' | 'rke2';

export interface NodeConfigMirror {
  /** `docker.io`, another registry's address, or `*` for every registry without its own mirror. */
  readonly registry: string;
  /** In the order in which nodes try them. */
  readonly endpoints: readonly string[];
  readonly rewrites: readonly RewriteRule[];
}

export interface NodeConfigTls {
  /** PEM. */
  readonly caCertificate?: string | undefined;
  readonly insecureSkipVerify: boolean;
  /** PEM. */
  readonly clientCertificate?: string | undefined;
  readonly clientKey?: SecretText | undefined;
}

export interface NodeConfigCredential {
  readonly id: string;
  readonly username: string;
  readonly password: SecretText;
}

export interface NodeConfigRegistry {
  readonly id: string;
  /** Canonical `host[:port]`; Docker Hub is `docker.io`. */
  readonly address: string;
  readonly deliver: 'both' | 'pull-secret' | 'nodes';
  readonly scheme: 'https' | 'http';
  readonly tls: NodeConfigTls;
  /** The effective credential of the whole registry, if there is one. */
  readonly credential: NodeConfigCredential | null;
  /** Effective credentials of parts of the registry; nodes cannot tell them apart. */
  readonly scopedCredentials: readonly { readonly id: string; readonly scope: string }[];
}

export interface NodeConfigModel {
  readonly mirrors: readonly NodeConfigMirror[];
  readonly registries: readonly NodeConfigRegistry[];
}

export interface NodeFile {
  readonly path: string;
  /** Octal permission bits as text, `0600`. */
  readonly mode: '0600' | '0644';
  readonly content: string;
}

export interface NotExpressible {
  readonly code: NodeConfigCode;
  readonly detail: string;
  readonly parameters: FindingParameters;
}

export interface NodeConfigDiagnostic {
  readonly severity: 'error' | 'warning' | 'info';
  readonly code: NodeConfigCode | RegistriesYamlCode;
  /** Where in the model: `registries.<address>` or `mirrors.<registry>`. */
  readonly path: string;
  readonly message: string;
  readonly suggestion: string | null;
  /** What the message names, as the table of codes says. */
  readonly parameters: FindingParameters;
}

/** What a change costs on each node: nothing, containerd restarted, or k3s (rke2) restarted. */
export type RestartCost = 'live' | 'containerd' | 'k3s';

export interface NodeConfig {
  readonly files: readonly NodeFile[];
  readonly notExpressible: readonly NotExpressible[];
  readonly restart: RestartCost;
  readonly diagnostics: readonly NodeConfigDiagnostic[];
}

export interface NodeConfigOptions {
  readonly distribution: NodeDistribution;
  /** `included` only on the way to a node; everything that people see is `masked`. */
  readonly secrets: 'masked' | 'included';
}

/** Stands in a rendered file for a secret that was left out. */
export const maskedSecret = '••••••••';
