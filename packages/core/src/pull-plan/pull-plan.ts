/**
 * The shape of a pull plan: which requests a node makes for one image, in which order, with which
 * login, as far as that follows from its configuration.
 *
 * Does not handle: what the registries answer; each attempt is made only if the one before failed.
 */
import type { FindingParameters } from '../finding-parameters.js';
import type { PullPlanCode } from './codes.js';

export type PullEngine = 'k3s-containerd' | 'containerd' | 'rke2-bootstrap';

export interface PullQuestion {
  readonly image: string;
  readonly engine: PullEngine;
  /** The node's file; absent = the node has none. */
  readonly registriesYaml?: string | undefined;
  readonly disableDefaultEndpoint?: boolean | undefined;
  /** `host:port` of the embedded registry on the node. */
  readonly embeddedRegistry?: string | undefined;
  /** The pod's pull secrets: dockerconfigjson as text, base64 or parsed. */
  readonly pullSecrets?: readonly unknown[] | undefined;
}

export interface AttemptTls {
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly insecureSkipVerify?: boolean;
}

export interface AttemptCredential {
  /** `pull-secret <key>` or `registries.yaml configs["<key>"]`. */
  readonly from: string;
  readonly username?: string;
}

export interface PullAttempt {
  readonly method: 'HEAD' | 'GET';
  /** The first request to this endpoint, with `?ns=` where it is sent. */
  readonly url: string;
  /** The endpoint's root, without the image. */
  readonly endpoint: string;
  /** The name asked of it, after rewriting. */
  readonly image: string;
  readonly isDefault: boolean;
  readonly tls: AttemptTls | null;
  readonly credential: AttemptCredential | null;
}

export interface PullWarning {
  readonly code: PullPlanCode;
  readonly message: string;
  /** What the message names, as the table of codes says. */
  readonly parameters: FindingParameters;
}

export interface PullPlan {
  /** The image's full name, as the kubelet and containerd use it. */
  readonly reference: string;
  /** The certs.d directory that is used; null when there is none for this registry. */
  readonly directory: string | null;
  readonly attempts: readonly PullAttempt[];
  readonly warnings: readonly PullWarning[];
}
