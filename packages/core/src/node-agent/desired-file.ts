/** A file as it shall be on a node, and why a config cannot be put there. */
import type { NodeFile } from '../node-config/model.js';
import type { NodeProblemCode } from './codes.js';

export interface DesiredFile extends NodeFile {
  /** Certificates come before the hosts that point to them, logins last. */
  readonly kind: 'tls' | 'hosts' | 'logins';
}

/** Shown to people: names files and places in them, never a value. */
export interface Refusal {
  readonly code: Extract<NodeProblemCode, `config.${string}`>;
  readonly detail: string;
}

export function refuse(code: Refusal['code'], detail: string): Refusal {
  return { code, detail };
}
