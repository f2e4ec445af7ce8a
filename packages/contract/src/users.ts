import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import { Id, listQuery, pageOf, Time } from './page.js';
import { USER_ROLES } from './permissions.js';

const Username = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9._@-]{0,62}[a-z0-9])?$/)
  .meta({ description: 'lower case letters, digits and . _ @ -, 64 at most' });
/** NIST SP 800-63B: at least 8, no composition rules; the upper bound keeps hashing cheap. */
const Password = z.string().min(8).max(1024);

export const User = z
  .object({
    id: Id,
    username: z.string(),
    displayName: z.string(),
    role: z.enum(USER_ROLES),
    state: z.enum(['active', 'disabled']),
    createdAt: Time,
    version: z.number().int(),
  })
  .meta({ id: 'User' });
export type User = z.infer<typeof User>;

export const UserCreate = z
  .strictObject({
    username: Username,
    displayName: z.string().max(200).default(''),
    password: Password,
    role: z.enum(USER_ROLES).default('user'),
  })
  .meta({ id: 'UserCreate' });
export const UserUpdate = z
  .strictObject({
    displayName: z.string().max(200).optional(),
    password: Password.optional(),
    role: z.enum(USER_ROLES).optional(),
    state: z.enum(['active', 'disabled']).optional(),
  })
  .meta({ id: 'UserUpdate' });
export const PasswordChange = z
  .strictObject({ current: z.string().min(1).max(1024), new: Password })
  .meta({ id: 'PasswordChange' });

export const userEndpoints = {
  listUsers: defineEndpoint({
    id: 'listUsers',
    method: 'GET',
    path: '/users',
    tag: 'Users',
    access: 'users:manage',
    status: 200,
    summary: 'List users',
    query: listQuery(['username', 'createdAt'], {}),
    reply: pageOf(User),
    problems: ['request.invalid'],
  }),
  createUser: defineEndpoint({
    id: 'createUser',
    method: 'POST',
    path: '/users',
    tag: 'Users',
    access: 'users:manage',
    status: 201,
    summary: 'Add a user',
    body: UserCreate,
    reply: User,
    problems: ['request.invalid', 'user.name-exists'],
  }),
  getUser: defineEndpoint({
    id: 'getUser',
    method: 'GET',
    path: '/users/:userId',
    tag: 'Users',
    access: 'users:manage',
    status: 200,
    summary: 'One user',
    reply: User,
    problems: ['request.invalid'],
  }),
  updateUser: defineEndpoint({
    id: 'updateUser',
    method: 'PATCH',
    path: '/users/:userId',
    tag: 'Users',
    access: 'users:manage',
    status: 200,
    summary: 'Change a user; disabling or a new password ends all sessions of that user',
    body: UserUpdate,
    reply: User,
    problems: ['request.invalid', 'user.last-admin', 'object.stale'],
  }),
  deleteUser: defineEndpoint({
    id: 'deleteUser',
    method: 'DELETE',
    path: '/users/:userId',
    tag: 'Users',
    access: 'users:manage',
    status: 204,
    summary: 'Delete a user with sessions and API keys',
    problems: ['request.invalid', 'user.last-admin'],
  }),
  changeOwnPassword: defineEndpoint({
    id: 'changeOwnPassword',
    method: 'PUT',
    path: '/users/me/password',
    tag: 'Users',
    access: 'signed-in',
    status: 204,
    summary: 'Change my password; ends my other sessions',
    body: PasswordChange,
    problems: ['request.invalid', 'user.wrong-password'],
  }),
};
