/** Every problem code with its status and title: the only such map (RFC 9457). */
import { z } from 'zod';

export const PROBLEMS = {
  'request.invalid': [400, 'The request is not valid'],
  'request.malformed': [400, 'The request cannot be read'],
  'request.too-large': [413, 'The request is too large'],
  'request.media-type': [415, 'Send application/json'],
  'request.rate-limited': [429, 'Too many attempts'],
  'request.too-complex': [422, 'This takes too long or too much memory to work out'],
  'request.not-found': [404, 'There is no such route'],
  'request.method-not-allowed': [405, 'This route does not take that method'],
  'request.idempotency-mismatch': [422, 'This Idempotency-Key was used for another request'],
  'request.idempotency-in-progress': [
    409,
    'The first request with this Idempotency-Key is still running',
  ],
  'request.idempotency-secret': [
    409,
    'The first request with this Idempotency-Key succeeded; its secret is not kept',
  ],
  'request.cross-site': [403, 'Cross-site request refused'],
  'session.required': [401, 'Sign in first'],
  'session.invalid-login': [401, 'User name or password is wrong'],
  'permission.denied': [403, 'You may see this, but not do that'],
  'object.not-found': [404, 'There is no such thing, or you may not know of it'],
  'object.stale': [412, 'It was changed in the meantime'],
  'user.name-exists': [409, 'This user name is taken'],
  'user.last-admin': [409, 'The last administrator must stay'],
  'user.wrong-password': [400, 'The current password is wrong'],
  'api-key.permission-too-wide': [403, 'A key cannot do more than its owner'],
  'environment.name-exists': [409, 'This environment name is taken'],
  'environment.default-stays': [409, 'The default environment stays'],
  'environment.removing': [409, 'This environment is being removed'],
  'member.last-owner': [409, 'The last owner must stay'],
  'setting.invalid': [400, 'This setting does not take that value'],
  'policy.would-refuse': [409, 'Images that run now would be refused'],
  'policy.impact-unknown': [
    409,
    'A cluster could not be read, so nobody knows what would be refused',
  ],
  'policy.conflict': [409, 'This contradicts another setting'],
  'registry.address-invalid': [400, 'This is not a registry address'],
  'registry.address-exists': [409, 'This environment has that registry already'],
  'registry.address-immutable': [400, 'The address of a registry never changes: add a new one'],
  'registry.path-without-credential': [400, 'A path in the address is a scope of a credential'],
  'registry.connection-invalid': [400, 'The connection settings are not valid'],
  'credential.invalid': [400, 'This credential is not valid'],
  'credential.secret-required': [400, 'A changed user name needs the password again'],
  'cluster.kubeconfig-invalid': [400, 'This kubeconfig cannot be used'],
  'cluster.name-exists': [409, 'This cluster name is taken'],
  'cluster.removing': [409, 'This cluster is being removed'],
  'cluster.unreachable': [503, 'The cluster does not answer'],
  'target.not-granted': [403, 'The cluster is not granted to this environment'],
  'target.exists': [409, 'This environment has such a target on that cluster already'],
  'target.no-conflict': [409, 'There is no conflict in that namespace'],
  'node-config.owned': [409, 'Another target owns the node config of this cluster'],
  'node-config.not-loadable': [400, 'A node would not load this file'],
  'node-config.link-gone': [410, 'This link was used or has expired'],
  'mirror.exists': [409, 'This registry has a mirror entry already'],
  'mirror.invalid': [400, 'This mirror is not valid'],
  'image.reference-invalid': [422, 'This is not an image reference'],
  'database.unavailable': [503, 'The database does not answer'],
  'server.busy': [503, 'Too much is being worked out at the moment; try again'],
  'server.error': [500, 'Something went wrong here'],
} as const satisfies Record<`${string}.${string}`, readonly [number, string]>;

export type ProblemCode = keyof typeof PROBLEMS;

export const ProblemDocument = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.string(),
    detail: z.string(),
    requestId: z.string(),
    errors: z
      .array(
        z.object({
          pointer: z.string(),
          code: z.string(),
          detail: z.string(),
          entry: z.string().optional().meta({ description: 'of a list: what is wrong in it' }),
          suggestion: z.string().optional(),
        }),
      )
      .optional(),
  })
  .loose()
  .meta({ id: 'Problem', description: 'application/problem+json (RFC 9457)' });
export type ProblemDocument = z.infer<typeof ProblemDocument>;

/** Problems that any route of a signed-in caller may answer. */
export const COMMON_PROBLEMS = [
  'session.required',
  'permission.denied',
  'object.not-found',
  'request.rate-limited',
  'database.unavailable',
] as const satisfies readonly ProblemCode[];
