/**
 * What an existing `registries.yaml` becomes in an environment: which registries, logins and mirrors
 * are added or changed, and every part of the file that is not kept, with its place.
 *
 * Does not handle: whether a login is the newest one already. Only the store can tell, by its
 * fingerprints.
 */
import type { FindingParameters } from '../finding-parameters.js';
import type { NodeConfigMirror, NodeDistribution } from '../node-config/model.js';
import type { RegistriesYamlCode } from '../registries-yaml/codes.js';
import type { Diagnostic, Position } from '../registries-yaml/diagnostic.js';
import type { SecretText } from '../secret-text.js';
import type { NodeConfigImportCode } from './codes.js';

export interface ImportQuestion {
  readonly document: string;
  readonly distribution: NodeDistribution;
  readonly version?: string | undefined;
}

/** What the environment has, as far as an import looks at it. Holds no secret. */
export interface ImportEnvironment {
  readonly registries: readonly KnownRegistry[];
  readonly mirrors: readonly NodeConfigMirror[];
}

export interface KnownRegistry {
  readonly address: string;
  readonly state: 'enabled' | 'disabled';
  readonly deliver: 'both' | 'pull-secret' | 'nodes';
  readonly scheme: 'https' | 'http';
  readonly insecureSkipVerify: boolean;
  readonly hasCaCertificate: boolean;
  readonly hasClientCertificate: boolean;
  /** Of the whole registry, effective. */
  readonly hasLogin: boolean;
}

export type ImportAction = 'add' | 'change' | 'keep';

export interface PlannedRegistry {
  readonly address: string;
  readonly action: ImportAction;
  /** What is set; a field that stays is left out. */
  readonly set: {
    readonly deliver?: 'nodes';
    readonly scheme?: 'http';
    readonly insecureSkipVerify?: true;
  };
}

export interface PlannedLogin {
  readonly address: string;
  readonly username: string;
  readonly password: SecretText;
}

export interface PlannedMirror extends NodeConfigMirror {
  readonly action: ImportAction;
}

/** A part of the file that the environment does not keep. Names no secret and repeats no comment. */
export interface NotImported extends Position {
  readonly code: NodeConfigImportCode | RegistriesYamlCode;
  /** `configs["reg.example.com"].tls.ca_file`; empty for the document itself. */
  readonly path: string;
  readonly detail: string;
  readonly parameters: FindingParameters;
}

export interface ImportPlan {
  readonly registries: readonly PlannedRegistry[];
  readonly logins: readonly PlannedLogin[];
  readonly mirrors: readonly PlannedMirror[];
  /** In the order of the document. */
  readonly notImported: readonly NotImported[];
  /** What the checker says about the document. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Why a node would not load the file at all. */
export type NotLoadable = Diagnostic;
