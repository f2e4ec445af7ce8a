/**
 * Status objects: what the API answers in place of an object. Texts and fields are those of
 * kube-apiserver 1.36 (k8s.io/apimachinery/pkg/api/errors), compared byte by byte by the
 * conformance suite.
 */
import type { ApiResource } from './api-resources.js';

export interface StatusCause {
  readonly reason?: string;
  readonly message: string;
  readonly field?: string;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: { readonly continue?: string };
  readonly status: 'Success' | 'Failure';
  readonly message?: string;
  readonly reason?: string;
  readonly details?: StatusDetails;
  readonly code?: number;
}

/** Thrown anywhere below the server, which answers with its status. */
export class Refusal extends Error {
  readonly status: Status;
  readonly code: number;

  constructor(code: number, status: Status) {
    super(status.message ?? 'refused');
    this.name = 'Refusal';
    this.code = code;
    this.status = status;
  }
}

export interface ObjectAddress {
  readonly resource: ApiResource;
  readonly name?: string;
  readonly namespace?: string;
}

export function refuse(
  code: number,
  reason: string | undefined,
  message: string,
  details?: StatusDetails,
  continueToken?: string,
): Refusal {
  return new Refusal(code, {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: continueToken === undefined ? {} : { continue: continueToken },
    status: 'Failure',
    message,
    ...(reason === undefined ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    code,
  });
}

export function successOf(address: ObjectAddress, uid: string): Status {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { ...detailsOf(address), uid },
  };
}

/** `secrets` or `deployments.apps`. */
export function qualified(resource: ApiResource): string {
  return resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
}

export function detailsOf({ resource, name }: ObjectAddress): StatusDetails {
  return {
    ...(name === undefined ? {} : { name }),
    ...(resource.group === '' ? {} : { group: resource.group }),
    kind: resource.plural,
  };
}

export function notFound(address: ObjectAddress): Refusal {
  const message = `${qualified(address.resource)} "${address.name}" not found`;
  return refuse(404, 'NotFound', message, detailsOf(address));
}

export function alreadyExists(address: ObjectAddress): Refusal {
  const message = `${qualified(address.resource)} "${address.name}" already exists`;
  return refuse(409, 'AlreadyExists', message, detailsOf(address));
}

export function conflict(address: ObjectAddress, why: string): Refusal {
  const message = `Operation cannot be fulfilled on ${qualified(address.resource)} "${address.name}": ${why}`;
  return refuse(409, 'Conflict', message, detailsOf(address));
}

export const modifiedMeanwhile =
  'the object has been modified; please apply your changes to the latest version and try again';

/** A failed precondition of a delete names the kind where everything else names the resource. */
export function failedPrecondition({ resource, name = '' }: ObjectAddress, why: string): Refusal {
  const kind = resource.group === '' ? resource.kind : `${resource.kind}.${resource.group}`;
  const message = `Operation cannot be fulfilled on ${kind} "${name}": ${why}`;
  return refuse(409, 'Conflict', message, {
    ...detailsOf({ resource, name }),
    kind: resource.kind,
  });
}

export function badRequest(message: string): Refusal {
  return refuse(400, 'BadRequest', message);
}

/** `causes` in the order in which the server finds them; one stands alone, several are bracketed. */
export function invalid(
  { resource, name = '' }: ObjectAddress,
  causes: readonly StatusCause[],
): Refusal {
  const kind = resource.group === '' ? resource.kind : `${resource.kind}.${resource.group}`;
  const texts = [...new Set(causes.map(({ field, message }) => `${field}: ${message}`))];
  const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  const details = {
    ...(name === '' ? {} : { name }),
    ...(resource.group === '' ? {} : { group: resource.group }),
    kind: resource.kind,
    causes,
  };
  return refuse(422, 'Invalid', `${kind} "${name}" is invalid: ${list}`, details);
}

export function namespaceTerminating(address: ObjectAddress): Refusal {
  const { namespace } = address;
  const text = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const cause = {
    reason: 'NamespaceTerminating',
    message: `namespace ${namespace} is being terminated`,
    field: 'metadata.namespace',
  };
  const message = `${qualified(address.resource)} "${address.name}" is forbidden: ${text}`;
  return refuse(403, 'Forbidden', message, { ...detailsOf(address), causes: [cause] });
}

export function tooOld(asked: number, oldest: number): Refusal {
  return refuse(410, 'Expired', `too old resource version: ${asked} (${oldest})`);
}

/** The reply lets the client go on where it was, at the price of consistency. */
export function continueExpired(continueToken: string): Refusal {
  const message =
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';
  return refuse(410, 'Expired', message, undefined, continueToken);
}
